"""How a viewer wants its pixels, and pictures turned into those bytes."""

import struct
from dataclasses import dataclass, field
from typing import NamedTuple

from PIL import Image, ImageChops

ACROSS = ("L", "LA", "", "RGBA")  # Pillow's modes with one, two and four bytes a pixel


class BadFormat(Exception):
    """A pixel format that cannot be served."""


class PixelFormat(NamedTuple):
    """RFC 6143, 7.4; `reds` are (maximum, shift), and so on."""

    bits: int
    depth: int
    is_big_endian: bool
    reds: tuple[int, int]
    greens: tuple[int, int]
    blues: tuple[int, int]

    @classmethod
    def read(cls, data: bytes) -> "PixelFormat":
        """From its 16 bytes. Raises BadFormat for colour maps and shapes that no pixel has."""
        bits, depth, big, true, red, green, blue, *shifts = struct.unpack(">BBBBHHHBBB3x", data)
        channels = tuple(zip((red, green, blue), shifts, strict=True))
        if bits not in (8, 16, 32) or not true:
            raise BadFormat(f"{bits} bits a pixel, true colour {true}")
        if any(not 0 < most < 65536 or most << shift >= 1 << bits for most, shift in channels):
            raise BadFormat("a colour does not fit into its pixel")
        return cls(bits, depth, bool(big), *channels)

    def write(self) -> bytes:
        mosts = [most for most, _shift in (self.reds, self.greens, self.blues)]
        shifts = [shift for _most, shift in (self.reds, self.greens, self.blues)]
        return struct.pack(">BBBBHHHBBB3x", self.bits, self.depth, self.is_big_endian, 1, *mosts, *shifts)


OWN_FORMAT = PixelFormat(32, 24, False, (255, 16), (255, 8), (255, 0))
PLAIN = {(16, 8, 0): "BGRX", (0, 8, 16): "RGBX"}  # shifts of red, green and blue that Pillow writes by itself


@dataclass
class Packer:
    """Turns RGB pictures into one pixel format; its tables are made once."""

    format: PixelFormat = OWN_FORMAT
    tables: list[list[list[int]]] = field(default_factory=list)  # [byte of the pixel][channel] -> 256 values
    plain: str = ""

    def __post_init__(self) -> None:
        wanted = self.format
        channels = (wanted.reds, wanted.greens, wanted.blues)
        if wanted.bits == 32 and not wanted.is_big_endian and all(most == 255 for most, _shift in channels):
            self.plain = PLAIN.get((wanted.reds[1], wanted.greens[1], wanted.blues[1]), "")
        order = range(wanted.bits // 8)
        for place in reversed(order) if wanted.is_big_endian else order:
            self.tables.append([_table(most, shift, place) for most, shift in channels])

    def pack(self, picture: Image.Image) -> bytes:
        """The pixels of an RGB picture, row by row."""
        if self.plain:
            return picture.tobytes("raw", self.plain)
        bands = picture.split()
        planes = [_plane(bands, tables) for tables in self.tables]
        return Image.merge(ACROSS[len(planes) - 1], planes).tobytes() if len(planes) > 1 else planes[0].tobytes()


def _table(most: int, shift: int, place: int) -> list[int]:
    """What a channel of 0-255 adds to one byte of the pixel."""
    return [((value * most + 127) // 255 << shift) >> 8 * place & 255 for value in range(256)]


def _plane(bands: tuple[Image.Image, ...], tables: list[list[int]]) -> Image.Image:
    """One byte of every pixel: the channels have no bit in common, so adding joins them."""
    first, second, third = (band.point(table) for band, table in zip(bands, tables, strict=True))
    return ImageChops.add(ImageChops.add(first, second), third)
