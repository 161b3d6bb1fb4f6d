"""The connection check: a practice instrument of one's own, and an echo that measures the line.

`/ws/check/echo`: `{"ping": 1}` is answered `{"pong": 1}`; `{"send": 65536}` is answered with that many bytes in binary
messages of 16 KiB and then `{"sent": 65536}`; a binary message is answered `{"got": 16384}`, its length. What a
megabyte is made of is random, so that nothing on the way makes it smaller.
"""

import asyncio
import json
import os
import secrets
import time
from datetime import datetime

from bookings.desktop import codes
from bookings.desktop.codes import Cut
from bookings.desktop.events import Pace, said
from bookings.desktop.lines import Line
from bookings.desktop.screens import Carrier, dial
from bookings.desktop.sockets import CutOff
from bookings.desktop.targets import check_target
from instruments.enums import Clipboard

LONGEST = 300.0  # seconds of a check
PIECE = 16_384  # bytes of a message of the echo
SENT_MOST = 2**24  # bytes that one check may ask for
GOT_MOST = 2**24  # bytes that it may send
A_SECOND = 50  # messages


class CheckLine(Line):
    """Ends by itself after a while; the rows are asked for the person alone."""

    async def run(self) -> None:
        self._began = time.monotonic()
        await self.serve(self._work())

    def why_not(self, now: datetime) -> Cut | None:
        return codes.IDLE if time.monotonic() - self._began > LONGEST else None

    async def _work(self) -> None:
        raise NotImplementedError


class CheckDesktop(CheckLine):
    async def _work(self) -> None:
        screen = await dial(check_target(secrets.token_urlsafe(12)))
        try:
            carrier = Carrier(self.socket, screen, lambda: (True, Clipboard.NONE))
            await carrier.greet()
            await carrier.carry()
        finally:
            await screen.close()


class Echo(CheckLine):
    async def _work(self) -> None:
        self._sent = self._got = 0
        self._pace = Pace(A_SECOND)
        while True:
            message = await self.socket.receive()
            if isinstance(message, bytes):
                await self._take(message)
            else:
                await self._answer(said(message))

    async def _take(self, data: bytes) -> None:
        self._got += len(data)
        if self._got > GOT_MOST:
            raise CutOff(codes.PROTOCOL)
        self._pace.count(0.1)
        await self.socket.send(json.dumps({"got": len(data)}))

    async def _answer(self, word: dict[str, object]) -> None:
        self._pace.count()
        ping, size = word.get("ping"), word.get("send")
        if isinstance(ping, int):
            await self.socket.send(json.dumps({"pong": ping}))
        elif isinstance(size, int) and 0 < size <= SENT_MOST - self._sent:
            self._sent += size
            await self._give(size)
        else:
            raise CutOff(codes.PROTOCOL)

    async def _give(self, size: int) -> None:
        for begun in range(0, size, PIECE):
            await self.socket.send(os.urandom(min(PIECE, size - begun)))
            await asyncio.sleep(0)  # others are served meanwhile
        await self.socket.send(json.dumps({"sent": size}))
