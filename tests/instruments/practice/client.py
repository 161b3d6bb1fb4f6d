"""A small RFB client for the tests: Raw and Zlib, 32-bit pixels, and a picture that it keeps."""

import asyncio
import struct
import zlib
from typing import Any

from PIL import Image

from instruments.practice.server import parse_address

RAW, ZLIB, CURSOR, DESKTOP_NAME, FENCES, CONTINUOUS = 0, 6, -239, -307, -312, -313


class Refused(Exception):
    """The server gave a reason instead of a way in."""


class Client:
    """`await Client.open(address, room)`; `picture` is what a person would see."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        self.reader, self.writer = reader, writer
        self.inflater = zlib.decompressobj()
        self.name = ""
        self.picture = Image.new("RGB", (1, 1))
        self.bytes = self.ends = 0
        self.cursor: Image.Image | None = None
        self.acknowledges = True

    @classmethod
    async def open(cls, address: str, room: str) -> "Client":
        """Through the repeater's greeting and the handshake. Raises Refused, or IncompleteReadError."""
        client = await cls.dial(address)
        client.writer.write(f"ID:{room}".encode().ljust(250, b"\0"))
        try:
            await client.greet()
        except BaseException:
            await client.close()
            raise
        return client

    @classmethod
    async def dial(cls, address: str) -> "Client":
        kind, *place = parse_address(address)
        if kind == "unix":
            line = await asyncio.open_unix_connection(place[0])
        else:
            line = await asyncio.open_connection(place[0], int(place[1]))
        client = cls(*line)
        assert await client.reader.readexactly(12) == b"RFB 000.000\n"
        return client

    async def greet(self) -> None:
        assert await self.reader.readexactly(12) == b"RFB 003.008\n"
        self.writer.write(b"RFB 003.008\n")
        count = (await self.reader.readexactly(1))[0]
        if not count:
            (length,) = await self.read(">I")
            raise Refused((await self.reader.readexactly(length)).decode())
        assert await self.reader.readexactly(count) == b"\x01"
        self.writer.write(b"\x01")
        assert await self.reader.readexactly(4) == bytes(4)
        self.writer.write(b"\x01")
        width, height = await self.read(">HH")
        await self.reader.readexactly(16)
        (length,) = await self.read(">I")
        self.name = (await self.reader.readexactly(length)).decode()
        self.picture = Image.new("RGB", (width, height))

    async def read(self, pattern: str) -> tuple[Any, ...]:
        return struct.unpack(pattern, await self.reader.readexactly(struct.calcsize(pattern)))

    def encodings(self, *wanted: int) -> None:
        self.writer.write(struct.pack(f">BxH{len(wanted)}i", 2, len(wanted), *wanted))

    def ask(self, *, incremental: bool = True) -> None:
        self.writer.write(struct.pack(">BBHHHH", 3, incremental, 0, 0, *self.picture.size))

    def key(self, keysym: int) -> None:
        for is_down in (1, 0):
            self.writer.write(struct.pack(">BBxxI", 4, is_down, keysym))

    def click(self, x: int, y: int) -> None:
        for buttons in (0, 1, 0):
            self.writer.write(struct.pack(">BBHH", 5, buttons, x, y))

    async def update(self) -> int:
        """Take one picture update, answering fences on the way; return its bytes."""
        while True:
            (kind,) = await self.read(">B")
            if kind == 0:
                before = self.bytes
                self.bytes += 4
                (count,) = await self.read(">xH")
                for _ in range(count):
                    await self._rectangle()
                return self.bytes - before
            if kind == 248:
                flags, length = await self.read(">xxxIB")
                payload = await self.reader.readexactly(length)
                if self.acknowledges:
                    self.writer.write(struct.pack(">BxxxIB", 248, flags & 7, length) + payload)
            else:
                assert kind == 150, f"message {kind}"
                self.ends += 1

    async def _rectangle(self) -> None:
        x, y, width, height, encoding = await self.read(">HHHHi")
        self.bytes += 12
        if encoding == DESKTOP_NAME:
            (length,) = await self.read(">I")
            self.name = (await self.reader.readexactly(length)).decode()
            return
        if encoding == CURSOR:
            pixels = await self.reader.readexactly(width * height * 4)
            mask = await self.reader.readexactly((width + 7) // 8 * height)
            self.cursor = Image.frombytes("RGB", (width, height), pixels, "raw", "BGRX").convert("RGBA")
            self.cursor.putalpha(Image.frombytes("1", (width, height), mask).convert("L"))
            return
        if encoding == ZLIB:
            (length,) = await self.read(">I")
            self.bytes += 4 + length
            pixels = self.inflater.decompress(await self.reader.readexactly(length))
        else:
            assert encoding == RAW
            pixels = await self.reader.readexactly(width * height * 4)
            self.bytes += len(pixels)
        self.picture.paste(Image.frombytes("RGB", (width, height), pixels, "raw", "BGRX"), (x, y))

    async def close(self) -> None:
        self.writer.close()
        await asyncio.gather(self.writer.wait_closed(), return_exceptions=True)
