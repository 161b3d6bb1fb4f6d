"""The filter of what an instrument sends to a browser.

A text that the instrument cut must not reach who may not have it, and where a message ends can only be told by
following every message and every rectangle. So this follows them all: it reads the heads and lets the pictures pass
as they come, without decoding them. It knows the lengths of the encodings in `encodings.py`, and a browser may agree
on no others; what else comes ends the line. Memory: the head of one rectangle at most.

Sources: RFC 6143, section 7.6 and 7.7; rfbproto for Tight, H.264, cursors, fences and the extended clipboard.
"""

import struct
from collections.abc import Callable

from bookings.desktop import encodings
from bookings.desktop.clipboard import SENT_MOST, TEXT_MOST, may_go
from bookings.desktop.messages import ClientFilter
from bookings.desktop.rfb import SIDE_MOST, ProtocolError, Side
from instruments.enums import Clipboard

UPDATE, COLOURS, BELL, CUT_TEXT, END_OF_CONTINUOUS_UPDATES, FENCE = 0, 1, 2, 3, 150, 248
WITHOUT_END = 0xFFFF  # rectangles of an update that a LastRect ends
PACKED_MOST = 1 << 27  # bytes of one compressed rectangle
TIGHT_SHORT = 12  # bytes below which Tight does not compress

U16, U32, I32 = struct.Struct(">H"), struct.Struct(">I"), struct.Struct(">i")
RECTANGLE = struct.Struct(">4xHHi")

# Bytes of a message or of a rectangle's body, None while its head is not whole. Of a picture update only its head.
Extent = int | None


class ServerFilter:
    """The messages of one instrument towards the browser of `client`, whose choice of pixels counts.

    `updates` counts pictures, `left_out` texts that did not pass.
    """

    def __init__(self, client: ClientFilter) -> None:
        self.updates = self.left_out = 0
        self._client = client
        self._held = b""  # an unfinished head
        self._payload = 0  # bytes that pass unseen
        self._skipped = 0  # bytes that are thrown away
        self._rectangles = 0  # that are still to come in this update
        self._bodies: dict[int, Callable[[bytes, int, int, int], Extent]] = {
            encodings.RAW: lambda _buf, _pos, w, h: w * h * self._client.pixels.size,
            encodings.COPY: lambda _buf, _pos, _w, _h: 4,
            encodings.RRE: self._rre,
            encodings.ZLIB: _counted,
            encodings.ZRLE: _counted,
            encodings.H264: self._h264,
            encodings.TIGHT: self._tight,
            encodings.TIGHT_PNG: self._tight,
            encodings.CURSOR: lambda _buf, _pos, w, h: w * h * self._client.pixels.size + (w + 7) // 8 * h,
            encodings.VMWARE_CURSOR: self._vmware_cursor,
            encodings.DESKTOP_SIZE: lambda _buf, _pos, _w, _h: 0,
            encodings.QEMU_KEY: lambda _buf, _pos, _w, _h: 0,
            encodings.LED_STATE: lambda _buf, _pos, _w, _h: 1,
            encodings.EXTENDED_DESKTOP_SIZE: lambda buf, pos, _w, _h: 4 + 16 * buf[pos] if len(buf) > pos else None,
            encodings.LAST_RECTANGLE: lambda _buf, _pos, _w, _h: 0,
        }

    @property
    def kept(self) -> int:
        """Bytes of an unfinished head."""
        return len(self._held)

    def feed(self, data: bytes, *, may_control: bool, clipboard: Clipboard | str) -> bytes:
        """Take bytes of the instrument, return bytes for the browser. Raises ProtocolError."""
        buf = self._held + data if self._held else data
        end, pos, begun, pieces = len(buf), 0, 0, []
        while pos < end:
            if self._payload:
                gone = min(self._payload, end - pos)
                self._payload -= gone
                pos += gone
            elif self._skipped:
                pieces.append(buf[begun:pos])
                gone = min(self._skipped, end - pos)
                self._skipped -= gone
                pos = begun = pos + gone
            else:
                extent = (
                    self._rectangle(buf, pos) if self._rectangles else self._message(buf, pos, may_control, clipboard)
                )
                if extent is None:
                    break
                self._payload = extent
        self._held = bytes(buf[pos:])
        if not pieces:
            return buf if begun == 0 and pos == end else bytes(buf[begun:pos])
        pieces.append(buf[begun:pos])
        return b"".join(pieces)

    def _message(self, buf: bytes, pos: int, may_control: bool, clipboard: Clipboard | str) -> Extent:
        kind, there = buf[pos], len(buf) - pos
        if kind == UPDATE:
            if there < 4:
                return None
            self._rectangles = U16.unpack_from(buf, pos + 2)[0]
            self.updates += 1
            return 4
        if kind == CUT_TEXT:
            return self._text(buf, pos, may_control, clipboard)
        if kind == FENCE:
            return 9 + buf[pos + 8] if there >= 9 else None
        if kind == COLOURS:
            return 6 + 6 * int(U16.unpack_from(buf, pos + 4)[0]) if there >= 6 else None
        if kind in (BELL, END_OF_CONTINUOUS_UPDATES):
            return 1
        raise ProtocolError(Side.INSTRUMENT, f"a message of kind {kind}")

    def _text(self, buf: bytes, pos: int, may_control: bool, clipboard: Clipboard | str) -> Extent:
        there = len(buf) - pos
        if there < 8:
            return None
        size, flags = abs(I32.unpack_from(buf, pos + 4)[0]), None
        if buf[pos + 4] >= 0x80:
            if size < 4:
                raise ProtocolError(Side.INSTRUMENT, "a text without its flags")
            if there < 12:
                return None
            flags = U32.unpack_from(buf, pos + 8)[0]
        if size > SENT_MOST:
            raise ProtocolError(Side.INSTRUMENT, f"a text of {size} bytes")
        if size > TEXT_MOST or not may_go(flags, may_control=may_control, clipboard=clipboard, outward=False):
            self.left_out += 1
            self._skipped = 8 + size
            return 0
        return 8 + size

    def _rectangle(self, buf: bytes, pos: int) -> Extent:
        if len(buf) - pos < 12:
            return None
        width, height, code = RECTANGLE.unpack_from(buf, pos)
        body = self._bodies.get(code)
        if body is None:
            raise ProtocolError(Side.INSTRUMENT, f"a rectangle in encoding {code}")
        if width > SIDE_MOST or height > SIDE_MOST:
            raise ProtocolError(Side.INSTRUMENT, f"a rectangle of {width} by {height} pixels")
        extent = body(buf, pos + 12, width, height)
        if extent is None:
            return None
        if code == encodings.LAST_RECTANGLE:
            self._rectangles = 0
        elif self._rectangles != WITHOUT_END:
            self._rectangles -= 1
        return 12 + extent

    def _rre(self, buf: bytes, pos: int, _width: int, _height: int) -> Extent:
        if len(buf) - pos < 4:
            return None
        pixel = self._client.pixels.size
        return 4 + pixel + U32.unpack_from(buf, pos)[0] * (pixel + 8)

    def _h264(self, buf: bytes, pos: int, _width: int, _height: int) -> Extent:
        counted = _counted(buf, pos, _width, _height)
        return None if counted is None else counted + 4  # flags stand between the length and the data

    def _vmware_cursor(self, buf: bytes, pos: int, width: int, height: int) -> Extent:
        if len(buf) - pos < 2:
            return None
        if buf[pos] not in (0, 1):
            raise ProtocolError(Side.INSTRUMENT, f"a cursor of kind {buf[pos]}")
        return 2 + width * height * (4 if buf[pos] else 2 * self._client.pixels.size)

    def _tight(self, buf: bytes, pos: int, width: int, height: int) -> Extent:
        there = len(buf) - pos
        if there < 1:
            return None
        control, pixel = buf[pos] >> 4, self._client.pixels.tight_size
        if control == 8:  # one colour
            return 1 + pixel
        if control in (9, 10):  # JPEG, PNG
            return _compact(buf, pos, 1)
        if control > 10:
            raise ProtocolError(Side.INSTRUMENT, f"a Tight rectangle of kind {control}")
        if not control & 4:
            return _packed(buf, pos, 1, width * height * pixel)
        if there < 2:
            return None
        return self._tight_by_filter(buf, pos, width, height)

    def _tight_by_filter(self, buf: bytes, pos: int, width: int, height: int) -> Extent:
        kind, pixel = buf[pos + 1], self._client.pixels.tight_size
        if kind in (0, 2):  # copy, gradient
            return _packed(buf, pos, 2, width * height * pixel)
        if kind != 1:
            raise ProtocolError(Side.INSTRUMENT, f"a Tight filter of kind {kind}")
        if len(buf) - pos < 3:
            return None
        colours = buf[pos + 2] + 1
        size = (width + 7) // 8 * height if colours == 2 else width * height
        return _packed(buf, pos, 3 + colours * pixel, size)


def _counted(buf: bytes, pos: int, _width: int, _height: int) -> Extent:
    if len(buf) - pos < 4:
        return None
    size = U32.unpack_from(buf, pos)[0]
    if size > PACKED_MOST:
        raise ProtocolError(Side.INSTRUMENT, f"a rectangle of {size} bytes")
    return 4 + size


def _packed(buf: bytes, pos: int, head: int, size: int) -> Extent:
    """Data of Tight: `size` bytes before compression, and only then compressed when there are enough of them."""
    return head + size if size < TIGHT_SHORT else _compact(buf, pos, head)


def _compact(buf: bytes, pos: int, head: int) -> Extent:
    """A length of one to three bytes, of seven, seven and eight bits, the lowest first."""
    size = 0
    for number in range(3):
        at = pos + head + number
        if at >= len(buf):
            return None
        byte = buf[at]
        size |= (byte if number == 2 else byte & 0x7F) << 7 * number
        if number == 2 or byte < 0x80:
            break
    return head + number + 1 + size
