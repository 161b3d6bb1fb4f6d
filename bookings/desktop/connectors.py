"""Screens that come through a laboratory's connector: a stream is asked for here and brought to us by the program.

The program may bring a stream to another relay process than the one whose viewer waits: the latter waits at a place of
its own (see `meeting`), whose name lies in Valkey under the digest of the stream's id. Whoever brings the stream proves
by its token to be the very connector that was asked.
"""

import asyncio
import contextlib
import json
import logging
import secrets
from collections.abc import MutableMapping
from typing import Any

from redis.exceptions import RedisError

from bookings.desktop.callers import (
    LATER,
    WATCH,
    Caller,
    Held,
    Receive,
    Send,
    admit,
    first_of,
    place_key,
    refuse,
)
from bookings.desktop.control_line import ControlLine
from bookings.desktop.dial import DesktopError
from bookings.desktop.meeting import Line, Place, reach, valkey
from instruments.actions.connector import digest_of
from instruments.enums import DesktopTrouble

logger = logging.getLogger(__name__)
STREAM_SECONDS = 15  # from the question to the stream
PIECE = 64 * 1024  # bytes passed on at a time
PIECE_MOST = 1024 * 1024  # bytes of one message of the program


async def open_stream(unit: int) -> Line:
    """Ask the connector of this unit (a primary key) for a fresh line to its VNC server: a reader and a writer.

    Works in any process of the machine, relay or worker. Raises DesktopError: no_connector when none is connected or
    it does not bring the stream in 15 s, and what it says of its VNC server.
    """
    try:
        async with asyncio.timeout(STREAM_SECONDS):
            return await _open_stream(unit)
    except (TimeoutError, RedisError, OSError) as error:
        logger.warning("no stream from the connector of unit %s: %r", unit, error)
        raise DesktopError(DesktopTrouble.NO_CONNECTOR) from error


async def serve_control(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    """`/ws/connectors/`: the line over which a connector is asked for streams."""
    caller = await admit(scope, receive, send)
    if caller is not None:
        await ControlLine(caller, receive, send).serve()


async def serve_stream(scope: MutableMapping[str, Any], receive: Receive, send: Send, stream: str) -> None:
    """`/ws/connectors/streams/<id>`: a stream that was asked for, once, by the connector that was asked."""
    caller = await admit(scope, receive, send)
    if caller is None:
        return
    try:
        line = await _waiting_for(stream, caller)
    except (RedisError, OSError) as error:
        logger.info("connector %s brought a stream that nobody waits for: %r", caller.pk, error)
        line = None
    if line is None:
        await refuse(scope, send, 404)
        return
    await send({"type": "websocket.accept"})
    await _carry(caller, line, receive, send)


async def _open_stream(unit: int) -> Line:
    arrived: asyncio.Future[Line] = asyncio.get_running_loop().create_future()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if arrived.done():
            writer.close()
        else:
            arrived.set_result((reader, writer))

    async with valkey() as client, Place(meet) as place:
        found: Any = await client.get(place_key(unit))
        if found is None:
            raise DesktopError(DesktopTrouble.NO_CONNECTOR)
        connector, _space, control = found.decode().partition(" ")
        stream = secrets.token_urlsafe(32)
        kept = json.dumps({"connector": int(connector), "place": place.name})
        await client.set(_stream_key(stream), kept, ex=STREAM_SECONDS)
        return await _call(control, stream, arrived)


async def _call(control: str, stream: str, arrived: asyncio.Future[Line]) -> Line:
    """Have the program asked; return the stream when it comes. Raises DesktopError with what is said instead."""
    reader, writer = await reach(control)
    said = asyncio.ensure_future(reader.readline())
    try:
        writer.write(stream.encode() + b"\n")
        await writer.drain()
        either: list[asyncio.Future[Any]] = [arrived, said]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if arrived.done():
            return arrived.result()
        trouble = said.result().decode().strip()
        known = trouble in DesktopTrouble.values
        raise DesktopError(DesktopTrouble(trouble) if known else DesktopTrouble.NO_CONNECTOR)
    finally:
        said.cancel()
        writer.close()


async def _waiting_for(stream: str, caller: Caller) -> Line | None:
    """The line to whoever asked this connector for this stream, which nobody can bring a second time."""
    async with valkey() as client:
        kept = await client.getdel(_stream_key(stream))
    found: dict[str, Any] = json.loads(kept) if kept else {}
    if found.get("connector") != caller.pk:
        return None
    return await reach(found["place"])


async def _carry(caller: Caller, line: Line, receive: Receive, send: Send) -> None:
    """Pass bytes on both ways until one side goes, or the connector is revoked."""
    reader, writer = line
    held = Held(caller)
    code: int | None = 1000
    try:
        with WATCH.over(held):
            code = await first_of([_inwards(receive, writer), _outwards(reader, send)], held) or 1000
    except _Gone:
        code = None
    except OSError:
        code = LATER
    finally:
        writer.close()
    if code is not None:
        with contextlib.suppress(OSError, RuntimeError):
            await send({"type": "websocket.close", "code": code})


class _Gone(Exception):
    """The program closed the stream."""


async def _inwards(receive: Receive, writer: asyncio.StreamWriter) -> None:
    """What the program sends; waits while the viewer's relay is slow. Raises _Gone, OSError."""
    while True:
        event = await receive()
        data = event.get("bytes") or b""
        if event["type"] != "websocket.receive" or len(data) > PIECE_MOST:
            raise _Gone
        writer.write(data)
        await writer.drain()


async def _outwards(reader: asyncio.StreamReader, send: Send) -> None:
    """What the viewer's relay sends, until it goes."""
    while data := await reader.read(PIECE):
        await send({"type": "websocket.send", "bytes": data})


def _stream_key(stream: str) -> str:
    return f"connector:stream:{digest_of(stream)}"
