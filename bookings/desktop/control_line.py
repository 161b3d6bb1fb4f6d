"""The control line of a connector: over it the relay asks for a stream, and the program says why there is none.

Messages are JSON texts. Relay to program: `{"welcome": "<unit>"}`, `{"open": "<stream>"}`. Program to relay: first
`{"name", "version", "system", "target"}`, later `{"failed": "<stream>", "trouble": "<code>"}`.
"""

import asyncio
import contextlib
import json
import logging
from typing import Any

from django.db import DatabaseError
from django.utils import timezone
from redis.exceptions import RedisError

from bookings.desktop.callers import (
    LATER,
    PROTOCOL,
    WATCH,
    Caller,
    Held,
    Receive,
    Send,
    first_of,
    leave_place,
    take_place,
)
from bookings.desktop.meeting import Place
from bookings.desktop.rows import ask
from instruments.actions.connector import SAID, note_contact, note_gone
from instruments.enums import DesktopTrouble

logger = logging.getLogger(__name__)
HELLO_SECONDS = 10.0
CALL_SECONDS = 15.0  # for the program to dial its VNC server, and to come with the stream or to say why not
STREAMS_MOST = 32  # asked for at a time over one line
MESSAGE_MOST = 4096  # characters
STRANGE_MOST = 100  # answers that nobody waits for before the line is cut
TELLABLE = (DesktopTrouble.NO_ADDRESS, DesktopTrouble.UNREACHABLE)  # no set: what is said may be a list


class Nonsense(Exception):
    """What came is no message of the protocol."""


class Ended(Exception):
    """The program is gone."""


class ControlLine:
    """Serves one line from its acceptance to its end."""

    def __init__(self, caller: Caller, receive: Receive, send: Send) -> None:
        self._caller, self._receive, self._send = caller, receive, send
        self._calls: dict[str, asyncio.Future[str]] = {}
        self._lock = asyncio.Lock()

    async def serve(self) -> None:
        await self._send({"type": "websocket.accept"})
        try:
            code = await self._serve()
        except Ended:
            return
        except Nonsense as error:
            logger.warning("connector %s: %s", self._caller.pk, error)
            code = PROTOCOL
        except (DatabaseError, RedisError, OSError) as error:
            logger.warning("connector %s was sent away for now: %s", self._caller.pk, error)
            code = LATER
        if code is not None:
            with contextlib.suppress(OSError, RuntimeError):  # nobody may be there any more to hear it
                await self._send({"type": "websocket.close", "code": code})

    async def _serve(self) -> int | None:
        said = await self._hello()
        async with Place(self._take_call) as place:
            line = Held(self._caller, place.name)
            await take_place(line)
            try:
                await ask(note_contact, self._caller.pk, said, timezone.now())
                logger.info("connector %s of %s is connected", self._caller.pk, self._caller.unit_name)
                await self._say({"welcome": self._caller.unit_name})
                with WATCH.over(line):
                    return await first_of([self._listen()], line)
            finally:
                await self._leave(line)

    async def _leave(self, line: Held) -> None:
        """Its row says that it is gone, unless it called again elsewhere meanwhile."""
        for call in self._calls.values():
            call.cancel()
        logger.info("connector %s of %s is gone", self._caller.pk, self._caller.unit_name)
        try:
            if await leave_place(line):
                await ask(note_gone, self._caller.pk, timezone.now())
        except (DatabaseError, RedisError, OSError) as error:
            logger.warning("that connector %s is gone was not noted: %s", self._caller.pk, error)

    async def _hello(self) -> dict[str, str]:
        try:
            said = await asyncio.wait_for(self._hear(), HELLO_SECONDS)
        except TimeoutError:
            raise Nonsense("it said nothing") from None
        if not all(isinstance(said.get(name), str) for name in SAID):
            raise Nonsense("it did not say what it is")
        return {name: said[name] for name in SAID}

    async def _listen(self) -> None:
        """Pass on why streams failed, until the program goes. Raises Ended, Nonsense."""
        strange = 0
        while strange < STRANGE_MOST:
            message = await self._hear()
            call = self._calls.get(str(message.get("failed")))
            if call is None or call.done():
                strange += 1
                continue
            trouble = message.get("trouble")
            call.set_result(trouble if trouble in TELLABLE else DesktopTrouble.UNREACHABLE.value)
        raise Nonsense("it keeps answering what nobody asked")

    async def _hear(self) -> dict[str, Any]:
        """The next message. Raises Ended, Nonsense."""
        event = await self._receive()
        if event["type"] != "websocket.receive":
            raise Ended
        text = event.get("text") or ""
        try:
            message = json.loads(text) if len(text) <= MESSAGE_MOST else None
        except (ValueError, RecursionError):
            message = None
        if not isinstance(message, dict):
            raise Nonsense("it sent something that is no message")
        return message

    async def _say(self, message: dict[str, str]) -> None:
        async with self._lock:
            await self._send({"type": "websocket.send", "text": json.dumps(message)})

    async def _take_call(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A relay asks for the stream it names in one line; it goes once that has come, or reads why it does not."""
        try:
            async with asyncio.timeout(CALL_SECONDS):
                stream = (await reader.readline()).decode("ascii", "replace").strip()
                if stream:
                    await self._call(stream, reader, writer)
        except (TimeoutError, OSError, RuntimeError, ValueError) as error:
            logger.info("a call to connector %s came to nothing: %r", self._caller.pk, error)
        finally:
            writer.close()

    async def _call(self, stream: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._calls) >= STREAMS_MOST:
            writer.write(DesktopTrouble.REFUSED.encode() + b"\n")
            return
        call = self._calls[stream] = asyncio.get_running_loop().create_future()
        gone = asyncio.ensure_future(reader.read(1))
        try:
            await self._say({"open": stream})
            await asyncio.wait([call, gone], return_when=asyncio.FIRST_COMPLETED)
            if call.done() and not call.cancelled():
                writer.write(call.result().encode() + b"\n")
                await writer.drain()
        finally:
            gone.cancel()
            del self._calls[stream]
