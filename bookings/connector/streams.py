"""One stream: bytes between the portal and the VNC server of the configuration, until one side ends it."""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, WebSocketException

from .config import Config, legible
from .sockets import dial

logger = logging.getLogger("connector")
DIAL_SECONDS = 8.0
PIECE = 64 * 1024  # bytes
Failed = Callable[[str, str], Awaitable[None]]


async def carry(config: Config, stream: str, failed: Failed) -> None:
    """Dial the VNC server, then bring the stream to the portal; `failed(stream, code)` where the server is away."""
    name = stream[:6]
    try:
        reader, writer = await asyncio.wait_for(asyncio.open_connection(config.host, config.port), DIAL_SECONDS)
    except (OSError, TimeoutError) as error:
        logger.warning("stream %s: the VNC server %s cannot be reached: %s", name, config.target, error or "no answer")
        await failed(stream, "no_address" if isinstance(error, socket.gaierror) else "unreachable")
        return
    try:
        async with dial(config, f"streams/{stream}") as line:
            logger.info("stream %s: open, to the VNC server %s", name, config.target)
            await _both_ways(line, reader, writer)
        logger.info("stream %s: ended", name)
    except (OSError, TimeoutError, WebSocketException) as error:
        logger.warning("stream %s: ended, %s", name, legible(error))
    finally:
        writer.close()


async def _both_ways(line: ClientConnection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    ways = [asyncio.ensure_future(_to_portal(reader, line)), asyncio.ensure_future(_to_instrument(line, writer))]
    try:
        done, _other = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
    for way in done:
        way.result()


async def _to_portal(reader: asyncio.StreamReader, line: ClientConnection) -> None:
    while data := await reader.read(PIECE):
        await line.send(data)


async def _to_instrument(line: ClientConnection, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            data = await line.recv()
            writer.write(data.encode() if isinstance(data, str) else data)
            await writer.drain()
    except ConnectionClosed as closed:
        if closed.rcvd is None or closed.rcvd.code != 1000:
            raise
