"""One WebSocket as the relay uses it: bytes in and out, each with its patience, and an end that always comes."""

import asyncio
from typing import Any

from bookings.desktop import codes, figures
from bookings.desktop.codes import Cut
from bookings.enums import Leaving

STALLED = 30.0  # seconds in which a browser has to take one piece of what an instrument sends
FAREWELL = 1.0  # seconds for a closing word to reach the socket
GONE_AFTER = 10.0  # seconds after which a socket that was closed and still stands is dropped


class Gone(Exception):
    """The browser is gone; `leaving` says how."""

    def __init__(self, leaving: Leaving) -> None:
        self.leaving = leaving
        super().__init__(leaving)


class CutOff(Exception):
    """The line has to end: `cut` says why, `reason` goes with the closing word."""

    def __init__(self, cut: Cut, reason: str = "") -> None:
        self.cut, self.reason = cut, reason
        super().__init__(cut.code)


class Socket:
    """`kind` is what the figures count it as. Not for two readers, nor for two writers, at a time."""

    def __init__(self, kind: str, scope: Any, receive: Any, send: Any) -> None:
        self.kind, self.scope = kind, scope
        self._receive, self._send = receive, send
        self.is_open = False

    async def accept(self, subprotocol: str) -> None:
        """Raises Gone when the browser did not wait."""
        if (await self._receive())["type"] != "websocket.connect":
            raise Gone(Leaving.LOST)
        try:
            await self._send({"type": "websocket.accept", "subprotocol": subprotocol})
        except OSError:
            raise Gone(Leaving.LOST) from None
        self.is_open = True
        figures.SOCKETS.labels(self.kind).inc()

    async def receive(self) -> bytes | str:
        """The next message. Raises Gone."""
        message = await self._receive()
        if message["type"] != "websocket.receive":
            raise Gone(_how(message))
        data = message.get("bytes")
        return data if data is not None else message.get("text") or ""

    async def receive_bytes(self) -> bytes:
        """The next message; a text is against the protocol. Raises Gone, CutOff."""
        data = await self.receive()
        if isinstance(data, str):
            raise CutOff(codes.PROTOCOL)
        return data

    async def send(self, data: bytes | str) -> None:
        """Wait until the browser has room, then send. Raises CutOff when it takes nothing for long; Gone."""
        key = "text" if isinstance(data, str) else "bytes"
        try:
            async with asyncio.timeout(STALLED):
                await self._send({"type": "websocket.send", key: data})
        except TimeoutError:
            raise CutOff(codes.SLOW) from None
        except OSError:
            raise Gone(Leaving.LOST) from None

    async def close(self, cut: Cut, reason: str = "") -> None:
        """Say why, if it can still be heard, and see to it that the socket ends."""
        if not self.is_open:
            return
        self.is_open = False
        figures.SOCKETS.labels(self.kind).dec()
        figures.CLOSED.labels(self.kind, str(cut.code)).inc()
        try:
            async with asyncio.timeout(FAREWELL):
                await self._send({"type": "websocket.close", "code": cut.code, "reason": reason})
        except (TimeoutError, OSError, RuntimeError):
            pass  # nobody is there to hear it, or nothing gets through
        abort = self.scope.get("extensions", {}).get("portal.abort")
        if abort is not None:
            asyncio.get_running_loop().call_later(GONE_AFTER, abort)


def _how(message: Any) -> Leaving:
    """How a browser went, by uvicorn's word: 1012 it is stopping itself; without a reason the line just broke."""
    if message.get("code") == codes.RESTART.code:
        return Leaving.RESTART
    return Leaving.LEFT if "reason" in message and message.get("code") != 1006 else Leaving.LOST
