"""Where viewers come in: the repeater's greeting, and the way to a room.

The greeting is UltraVNC's: the server sends `RFB 000.000`, the caller answers 250 bytes `ID:<room>` padded with zeros,
and then both speak RFB. `unit-<pk>` is the lasting instrument of a unit, `check-<random>` one of the caller's own.
"""

import asyncio
import contextlib
import logging
import os
import re
import struct
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from instruments.practice.files import files_of
from instruments.practice.instrument import Instrument
from instruments.practice.rfb.viewer import HANDSHAKE, SPOKEN, VERSION, Viewer
from instruments.practice.rooms import Room

REPEATER = b"RFB 000.000\n"
GREETING = 250
ROOM = re.compile(r"unit-(?P<unit>[0-9]{1,18})|check-[A-Za-z0-9_-]{1,64}")
MOST_UNITS, MOST_CHECKS, MOST_VIEWERS = 64, 32, 40
MOST_LINES = 400
GOODBYE = 5.0  # seconds that the last bytes may take
BUFFER = 64 * 1024  # bytes that may wait for a slow viewer before painting waits too

File = tuple[str, bytes]

log = logging.getLogger(__name__)


class Full(Exception):
    """Nobody more comes in; the text says why, to the viewer."""


class Server:
    """The practice instruments of one installation, on one address."""

    def __init__(
        self,
        address: str,
        finished: Callable[[int, list[File], datetime], None] | None = None,
        folder: Path | None = None,
    ):
        """`finished(unit, files, began)` is told, in a thread, of every run of a unit's instrument.

        `folder` keeps what the instruments of units were about.
        """
        self.address, self.finished, self.folder = address, finished, folder
        self.telling: set[asyncio.Future[None]] = set()
        self.rooms: dict[str, Room] = {}
        self.lines: dict[asyncio.StreamWriter, asyncio.Task[None]] = {}
        self.server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen. Raises OSError when the address cannot be had, ValueError when it is none."""
        kind, *place = parse_address(self.address)
        if kind == "unix":
            path = Path(place[0])
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            await _clear(path)
            self.server = await asyncio.start_unix_server(self._serve, path, limit=BUFFER)
            path.chmod(0o600)
        else:
            self.server = await asyncio.start_server(self._serve, place[0], int(place[1]), limit=BUFFER)

    async def stop(self) -> None:
        """End every line and every instrument."""
        if self.server:
            self.server.close()
        for writer in self.lines:
            writer.transport.abort()
        await asyncio.gather(*self.lines.values())
        for room in list(self.rooms.values()):
            self._forget(room)
        await asyncio.gather(*self.telling, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.set_write_buffer_limits(high=BUFFER)
        line = asyncio.current_task()
        assert line is not None
        self.lines[writer] = line
        try:
            with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
                await self._admit(reader, writer)
        finally:
            del self.lines[writer]
            await _hang_up(writer)

    async def _admit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self.lines) > MOST_LINES:
            return
        async with asyncio.timeout(HANDSHAKE):
            writer.write(REPEATER)
            greeting = await reader.readexactly(GREETING)
        name = greeting.split(b"\0", 1)[0].decode("ascii", "replace").removeprefix("ID:")
        if not greeting.startswith(b"ID:") or not ROOM.fullmatch(name):
            return
        try:
            room = self._room(name)
        except Full as full:
            await _refuse(reader, writer, str(full))
            return
        try:
            await room.show_to(Viewer(reader, writer, room))
        finally:
            if not room.is_lasting and not room.viewers:
                self._forget(room)

    def _room(self, name: str) -> Room:
        """The room of this name, made when it is not there. Raises Full."""
        room = self.rooms.get(name)
        if room is None:
            is_lasting = name.startswith("unit-")
            self._make_way(is_lasting=is_lasting)
            file = self.folder / f"{name}.json" if self.folder and is_lasting else None
            room = Room(name, is_lasting=is_lasting, finished=self._teller(name), file=file)
            self.rooms[name] = room
        if len(room.viewers) >= MOST_VIEWERS:
            raise Full("Too many people look at this practice instrument already.")
        return room

    def _teller(self, name: str) -> Callable[[Instrument], None] | None:
        """What a room's instrument calls when a run is done: only those of units keep their files."""
        unit = ROOM.fullmatch(name)
        finished = self.finished
        if finished is None or unit is None or unit["unit"] is None:
            return None
        number = int(unit["unit"])

        def tell(instrument: Instrument) -> None:
            now = datetime.now(UTC)
            files, began = files_of(instrument, now), instrument.run_began_at or now
            told = asyncio.get_running_loop().run_in_executor(None, finished, number, files, began)
            self.telling.add(told)
            told.add_done_callback(self._told)

        return tell

    def _told(self, future: "asyncio.Future[None]") -> None:
        self.telling.discard(future)
        if not future.cancelled() and (error := future.exception()):
            log.error("the data of a practice run were not taken", exc_info=error)

    def _make_way(self, *, is_lasting: bool) -> None:
        same = [room for room in self.rooms.values() if room.is_lasting == is_lasting]
        if len(same) < (MOST_UNITS if is_lasting else MOST_CHECKS):
            return
        idle = [room for room in same if room.is_idle]
        if not is_lasting or not idle:
            raise Full("Every practice instrument is in use. Please try again in a minute.")
        self._forget(min(idle, key=lambda room: room.left_at))

    def _forget(self, room: Room) -> None:
        room.close()
        self.rooms.pop(room.id, None)


async def _hang_up(writer: asyncio.StreamWriter) -> None:
    """Let what is written leave, but not for ever."""
    writer.close()
    with contextlib.suppress(OSError):
        try:
            await asyncio.wait_for(writer.wait_closed(), GOODBYE)
        except TimeoutError:
            writer.transport.abort()


async def _refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, why: str) -> None:
    """No security type, and the reason in its place (RFC 6143, 7.1.2)."""
    async with asyncio.timeout(HANDSHAKE):
        writer.write(VERSION)
        if await reader.readexactly(12) in SPOKEN:
            writer.write(b"\0" + struct.pack(">I", len(why)) + why.encode())
            await writer.drain()


def parse_address(address: str) -> tuple[str, ...]:
    """`unix:/path` -> ("unix", path); `host:port` -> ("tcp", host, port). Raises ValueError."""
    if address.startswith("unix:"):
        return "unix", address.removeprefix("unix:")
    host, separator, port = address.rpartition(":")
    if not separator or not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(f"PRACTICE_ADDRESS is unix:/path or host:port, not {address!r}.")
    return "tcp", host.strip("[]"), port


async def _clear(path: Path) -> None:
    """Take away a socket that nobody serves any more. Raises OSError where somebody does."""
    if not path.is_socket():
        return
    try:
        _reader, writer = await asyncio.open_unix_connection(path)
    except OSError:
        os.unlink(path)
        return
    writer.close()
    raise OSError(f"another practice instrument answers at {path}")
