"""Where the relays of one machine meet: Unix sockets in RELAY_FOLDER, under names that live in Valkey.

A name is random, lives as long as what it stands for, and is known only to who may read Valkey; the folder belongs to
the portal alone. So whoever finds a name needs no other proof.
"""

import asyncio
import os
import secrets
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from django.conf import settings
from redis.asyncio import Redis

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]
BUFFER = 256 * 1024  # bytes read ahead of a slow reader, at most twice this
SECONDS = 2.0  # to reach Valkey, and to be answered
STALE = 600.0  # seconds after which a name that nobody answers to is swept away


class MeetingError(OSError):
    """The folder cannot be used, or is not the portal's alone."""


def valkey() -> Redis:
    """A client for one event loop; close it (`async with`)."""
    return Redis.from_url(settings.REDIS_URL, socket_timeout=SECONDS, socket_connect_timeout=SECONDS)


def new_name() -> str:
    """96 random bits in 16 letters: short, since the path of a Unix socket is."""
    return secrets.token_urlsafe(12)


class Place:
    """A Unix socket at which `meet(reader, writer)` is called for each who comes; gone when left.

    Raises MeetingError or another OSError on entry.
    """

    def __init__(self, meet: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> None:
        self.name = new_name()
        self._meet = meet
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> "Place":
        path = _folder() / self.name
        self._server = await asyncio.start_unix_server(self._meet, path, limit=BUFFER)
        return self

    async def __aexit__(self, *_error: object) -> None:
        if self._server is not None:
            self._server.close()
        (_folder() / self.name).unlink(missing_ok=True)


async def reach(name: str) -> Line:
    """Go to the place of that name. Raises OSError when nobody is there any more."""
    return await asyncio.open_unix_connection(_folder() / Path(name).name, limit=BUFFER)


async def sweep() -> None:
    """Forget the places of processes that were killed: old ones at which nobody answers."""
    for path in _folder().iterdir():
        if not path.is_socket() or time.time() - path.lstat().st_mtime < STALE:
            continue
        try:
            _reader, writer = await asyncio.open_unix_connection(path)
        except OSError:
            path.unlink(missing_ok=True)
        else:
            writer.close()


def _folder() -> Path:
    """RELAY_FOLDER, made where it is missing. Raises MeetingError where others could read or write in it."""
    folder: Path = settings.RELAY_FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != os.geteuid():
        raise MeetingError(f"the folder {folder} belongs to somebody else: set RELAY_FOLDER to one of the portal's own")
    if found.st_mode & 0o077:
        folder.chmod(0o700)
    return folder
