"""One line from a viewer: handshake, what it says, and pictures as it asks for them."""

import asyncio
import contextlib
import struct
import time
import zlib
from typing import Any, Protocol

from PIL import Image

from instruments.practice.rfb import cursor
from instruments.practice.rfb.damage import Box, Damage
from instruments.practice.rfb.pixels import OWN_FORMAT, BadFormat, Packer, PixelFormat

VERSION = b"RFB 003.008\n"
SPOKEN = (b"RFB 003.007\n", VERSION)
NO_PASSWORD = 1
RAW, ZLIB = 0, 6
CURSOR, DESKTOP_NAME, FENCES, CONTINUOUS = -239, -307, -312, -313
HANDSHAKE = 10.0  # seconds for each step of it
PATIENCE = 60.0  # seconds that one picture may take to leave
MOST_ENCODINGS, MOST_TEXT = 1024, 64 * 1024
MOST_FENCES = 2  # pictures on their way that a viewer of continuous updates has not acknowledged
FENCE_REQUEST, FENCE_BLOCKS_BEFORE = 1 << 31, 1


class Nonsense(Exception):
    """What came is no RFB, or more than anybody needs."""


class Audience(Protocol):
    """What a viewer looks at."""

    @property
    def name(self) -> str: ...
    @property
    def picture(self) -> Image.Image: ...
    def key(self, keysym: int) -> None: ...
    def press(self, x: int, y: int) -> None: ...


class Viewer:
    """Serves one line until it ends. `damage` is what its owner adds to, followed by `wake`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, room: Audience):
        self.reader, self.writer, self.room = reader, writer, room
        self.damage = Damage()
        self.woken = asyncio.Event()
        self.packer = Packer(OWN_FORMAT)
        self.compressor = zlib.compressobj(9, memLevel=9)
        self.encodings: frozenset[int] = frozenset({RAW})
        self.named = ""
        self.has_cursor = False
        self.is_asking = False
        self.is_continuous = False
        self.fences = 0
        self.buttons = 0
        self.sent: list[int] = []  # bytes of the newest updates, for benchmarks and the log

    def wake(self) -> None:
        self.woken.set()

    async def serve(self) -> None:
        """Until either side ends it; raises nothing for what the other side does."""
        ends = (Nonsense, BadFormat, asyncio.IncompleteReadError, TimeoutError, OSError)
        tasks: list[asyncio.Task[None]] = []
        try:
            await self._greet()
            tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._show())]
            done, _rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except ends:
            return
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _greet(self) -> None:
        async with asyncio.timeout(HANDSHAKE):
            self.writer.write(VERSION)
            version = await self.reader.readexactly(12)
            if version not in SPOKEN:
                raise Nonsense(version)
            self.writer.write(bytes([1, NO_PASSWORD]))
            if (await self.reader.readexactly(1))[0] != NO_PASSWORD:
                raise Nonsense("security")
            if version == VERSION:
                self.writer.write(bytes(4))
            await self.reader.readexactly(1)  # shared or not: everybody shares
        name = self.room.name.encode()
        size = struct.pack(">HH", *self.room.picture.size)
        self.named = self.room.name
        self.writer.write(size + OWN_FORMAT.write() + struct.pack(">I", len(name)) + name)
        await self.writer.drain()

    # What the viewer says

    async def _listen(self) -> None:
        answers = {0: self._format, 2: self._encodings, 3: self._request, 4: self._key, 5: self._pointer, 6: self._text}
        answers |= {150: self._continue, 248: self._fence}
        while True:
            kind = (await self.reader.readexactly(1))[0]
            if kind not in answers:
                raise Nonsense(f"message {kind}")
            await answers[kind]()
            await asyncio.sleep(0)  # bytes that wait already are read without a pause: others have their turn

    async def _read(self, pattern: str) -> tuple[Any, ...]:
        return struct.unpack(pattern, await self.reader.readexactly(struct.calcsize(pattern)))

    async def _format(self) -> None:
        self.packer = Packer(PixelFormat.read((await self.reader.readexactly(19))[3:]))
        self.has_cursor = False
        self._damage_all()

    async def _encodings(self) -> None:
        (count,) = await self._read(">xH")
        if count > MOST_ENCODINGS:
            raise Nonsense(f"{count} encodings")
        known_before = self.encodings
        self.encodings = frozenset(await self._read(f">{count}i"))
        if CONTINUOUS in self.encodings and CONTINUOUS not in known_before:
            self.writer.write(bytes([150]))  # tells the viewer that it may ask for them

    async def _request(self) -> None:
        is_incremental, x, y, width, height = await self._read(">BHHHH")
        if not is_incremental:
            self._damage((x, y, x + width, y + height))
        self.is_asking = True
        self.wake()

    async def _continue(self) -> None:
        is_on, *_area = await self._read(">BHHHH")
        if self.is_continuous and not is_on:
            self.writer.write(bytes([150]))  # tells the viewer that it must ask again from here on
            self.fences = 0
        self.is_continuous = bool(is_on)
        self.wake()

    async def _fence(self) -> None:
        flags, length = await self._read(">xxxIB")
        if length > 64:
            raise Nonsense(f"a fence of {length} bytes")
        payload = await self.reader.readexactly(length)
        if flags & FENCE_REQUEST:
            self.writer.write(struct.pack(">BxxxIB", 248, flags & 7, length) + payload)
        else:
            self.fences = max(0, self.fences - 1)
            self.wake()

    async def _key(self) -> None:
        is_down, keysym = await self._read(">BxxI")
        if is_down:
            self.room.key(keysym)

    async def _pointer(self) -> None:
        buttons, x, y = await self._read(">BHH")
        if buttons & ~self.buttons & 1:
            self.room.press(x, y)
        self.buttons = buttons

    async def _text(self) -> None:
        (length,) = await self._read(">xxxi")
        if abs(length) > MOST_TEXT:
            raise Nonsense(f"a text of {length} bytes")
        await self.reader.readexactly(abs(length))  # the instrument has no use for it

    # What it is shown

    async def _show(self) -> None:
        while True:
            await self.woken.wait()
            self.woken.clear()
            if not self._is_due():
                continue
            self.is_asking = False
            update = self._update()
            self.sent.append(len(update))
            del self.sent[:-500]
            self.writer.write(update)
            async with asyncio.timeout(PATIENCE):
                await self.writer.drain()
            if self.damage:
                self.wake()

    def _is_due(self) -> bool:
        is_wanted = self.is_asking or (self.is_continuous and self.fences < MOST_FENCES)
        return is_wanted and bool(self.damage or self._has_new_name() or self._lacks_cursor())

    def _has_new_name(self) -> bool:
        return DESKTOP_NAME in self.encodings and self.named != self.room.name

    def _lacks_cursor(self) -> bool:
        """A viewer that draws the pointer itself hides its own over the picture until it has been given one."""
        return CURSOR in self.encodings and not self.has_cursor

    def _update(self) -> bytes:
        rectangles = [self._rectangle(box) for box in self.damage.take()]
        if self._lacks_cursor():
            self.has_cursor = True
            rectangles.append(
                struct.pack(">HHHHi", *cursor.PLACE, CURSOR) + self.packer.pack(cursor.PICTURE) + cursor.MASK
            )
        if self._has_new_name():
            self.named = self.room.name
            name = self.named.encode()
            rectangles.append(struct.pack(">HHHHiI", 0, 0, 0, 0, DESKTOP_NAME, len(name)) + name)
        update = struct.pack(">BxH", 0, len(rectangles)) + b"".join(rectangles)
        if self.is_continuous and FENCES in self.encodings:
            self.fences += 1
            mark = struct.pack(">d", time.monotonic())
            update += struct.pack(">BxxxIB", 248, FENCE_REQUEST | FENCE_BLOCKS_BEFORE, len(mark)) + mark
        return update

    def _rectangle(self, box: Box) -> bytes:
        left, top, right, bottom = box
        pixels = self.packer.pack(self.room.picture.crop(box))
        place = left, top, right - left, bottom - top
        if ZLIB not in self.encodings:
            return struct.pack(">HHHHi", *place, RAW) + pixels
        packed = self.compressor.compress(pixels) + self.compressor.flush(zlib.Z_SYNC_FLUSH)
        return struct.pack(">HHHHiI", *place, ZLIB, len(packed)) + packed

    def _damage_all(self) -> None:
        self._damage((0, 0, *self.room.picture.size))

    def _damage(self, box: Box) -> None:
        width, height = self.room.picture.size
        left, top, right, bottom = box
        self.damage.add((min(left, width), min(top, height), min(right, width), min(bottom, height)))
        self.wake()

    def close(self) -> None:
        """End the line from outside."""
        with contextlib.suppress(OSError):
            self.writer.transport.abort()
