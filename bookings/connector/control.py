"""The control line: kept open for months, opened again when it drops; over it the portal asks for streams."""

import asyncio
import json
import logging
import random
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from .config import Config, ConfigError, legible, read
from .pairing import said_of
from .sockets import dial
from .streams import Failed, carry

logger = logging.getLogger("connector")
STREAM = re.compile(r"[A-Za-z0-9_-]{20,64}")
STREAMS_MOST = 32  # at a time
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds between attempts; each is double the one before
LONG_PAUSE = 300.0  # where only a person can help
STEADY = 60.0  # seconds after which a line counts as good
REVOKED, REPLACED = 4003, 4006
UNKNOWN = "the portal does not know this connector any more: it was revoked. Pair it again, with a new code"
ELSEWHERE = "another PC or program connected with this configuration: only one may. Stop one of them"


class Hopeless(Exception):
    """Trying again soon is of no use; the text says why."""


class Pauses:
    """How long to wait before the next attempt: longer each time, and never two programs in step."""

    def __init__(self, chance: Callable[[], float] = random.random) -> None:
        self._chance, self._attempts = chance, 0

    def next(self, *, lasted: float = 0.0, is_hopeless: bool = False) -> float:
        """Seconds; `lasted` is how long the line was open."""
        if lasted > STEADY:
            self._attempts = 0
        pause = LONG_PAUSE if is_hopeless else min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(self._attempts, 10))
        self._attempts += 1
        return pause * (0.5 + self._chance() / 2)


class Connector:
    """Runs until it is cancelled. The configuration is read anew for each attempt: pairing again needs no restart."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._streams: set[asyncio.Task[None]] = set()

    async def run(self) -> NoReturn:
        pauses = Pauses()
        try:
            while True:
                started, is_hopeless = time.monotonic(), False
                try:
                    await self._connect(read(self._path))
                except (Hopeless, ConfigError) as error:
                    logger.error("%s", error)
                    is_hopeless = True
                except (OSError, TimeoutError, WebSocketException) as error:
                    logger.warning("not connected: %s", legible(error) or "the portal did not answer in time")
                pause = pauses.next(lasted=time.monotonic() - started, is_hopeless=is_hopeless)
                logger.info("trying again in %.0f s", pause)
                await asyncio.sleep(pause)
        finally:
            for stream in self._streams:
                stream.cancel()
            await asyncio.gather(*self._streams, return_exceptions=True)

    async def _connect(self, config: Config) -> None:
        """Hold one line from its beginning to its end. Raises Hopeless, OSError, WebSocketException."""
        logger.info("connecting to %s", config.address)
        try:
            async with dial(config) as line:
                await line.send(json.dumps(said_of(config)))
                while True:
                    await self._obey(config, line, await line.recv())
        except InvalidStatus as error:
            if error.response.status_code == 401:
                raise Hopeless(UNKNOWN) from error
            raise
        except ConnectionClosed as error:
            code = error.rcvd.code if error.rcvd else None
            if code in (REVOKED, REPLACED):
                raise Hopeless(UNKNOWN if code == REVOKED else ELSEWHERE) from error
            raise

    async def _obey(self, config: Config, line: ClientConnection, said: str | bytes) -> None:
        """The portal can ask for a stream to the one VNC server, and for nothing else."""
        try:
            message = json.loads(said)
        except (ValueError, RecursionError):
            message = None
        if not isinstance(message, dict):
            logger.warning("the portal sent something that is no message")
            return
        if "welcome" in message:
            logger.info("connected, as the screen of %s", legible(message["welcome"]))
        if "open" in message:
            self._open(config, line, str(message["open"]))

    def _open(self, config: Config, line: ClientConnection, stream: str) -> None:
        if not STREAM.fullmatch(stream) or len(self._streams) >= STREAMS_MOST:
            logger.warning("a stream was asked for and refused: %s", legible(stream))
            return

        async def failed(name: str, trouble: str) -> None:
            await line.send(json.dumps({"failed": name, "trouble": trouble}))

        task = asyncio.ensure_future(_carry(config, stream, failed))
        self._streams.add(task)
        task.add_done_callback(self._streams.discard)


async def _carry(config: Config, stream: str, failed: Failed) -> None:
    """A stream that goes wrong in a way nobody thought of must not end the program."""
    try:
        await carry(config, stream, failed)
    except ConnectionClosed:
        logger.warning("stream %s: the control line is gone meanwhile", stream[:6])
    except Exception:
        logger.exception("stream %s: ended", stream[:6])
