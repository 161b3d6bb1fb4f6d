"""RFB messages as tests write and read them, on their own: nothing here uses the relay's code."""

import struct
from collections.abc import Iterator

CAPS, REQUEST, PEEK, NOTIFY, PROVIDE = (1 << bit for bit in range(24, 29))
EXTENDED_CLIPBOARD = -1063131698

# --- From the browser


def pixels(bits: int = 32, depth: int = 24, most: int = 255, shifts: tuple[int, int, int] = (16, 8, 0)) -> bytes:
    return struct.pack(">BBBBHHHBBB3x", bits, depth, 0, 1, most, most, most, *shifts)


def set_pixels(layout: bytes) -> bytes:
    return b"\0\0\0\0" + layout


def set_encodings(*codes: int) -> bytes:
    return struct.pack(f">BxH{len(codes)}i", 2, len(codes), *codes)


def ask_update(width: int = 800, height: int = 600, *, incremental: bool = False) -> bytes:
    return struct.pack(">BBHHHH", 3, incremental, 0, 0, width, height)


def key(keysym: int, *, down: bool = True) -> bytes:
    return struct.pack(">BBxxI", 4, down, keysym)


def qemu_key(keysym: int, code: int, *, down: bool = True) -> bytes:
    return struct.pack(">BBHII", 255, 0, down, keysym, code)


def pointer(column: int, row: int, buttons: int = 0) -> bytes:
    return struct.pack(">BBHH", 5, buttons, column, row)


def cut_text(text: bytes, *, from_browser: bool = True) -> bytes:
    return struct.pack(">BxxxI", 6 if from_browser else 3, len(text)) + text


def extended_text(flags: int, data: bytes = b"", *, from_browser: bool = True) -> bytes:
    return struct.pack(">BxxxiI", 6 if from_browser else 3, -4 - len(data), flags) + data


def fence(payload: bytes = b"", flags: int = 1) -> bytes:
    return struct.pack(">BxxxIB", 248, flags, len(payload)) + payload


def continuous_updates(*, on: bool = True) -> bytes:
    return struct.pack(">BBHHHH", 150, on, 0, 0, 800, 600)


def set_size(width: int, height: int, screens: int = 1) -> bytes:
    return struct.pack(">BxHHBx", 251, width, height, screens) + bytes(16 * screens)


def client_messages(data: bytes) -> Iterator[bytes]:
    """Cut what reached a server into its messages. Raises AssertionError where that cannot be done."""
    lengths = {0: 20, 3: 10, 4: 8, 5: 6, 150: 10, 255: 12}
    pos = 0
    while pos < len(data):
        kind = data[pos]
        if kind == 2:
            length = 4 + 4 * struct.unpack_from(">H", data, pos + 2)[0]
        elif kind == 6:
            length = 8 + abs(struct.unpack_from(">i", data, pos + 4)[0])
        elif kind == 248:
            length = 9 + data[pos + 8]
        elif kind == 251:
            length = 8 + 16 * data[pos + 6]
        else:
            assert kind in lengths, f"a message of kind {kind} reached the server"
            length = lengths[kind]
        assert pos + length <= len(data), f"a message of kind {kind} reached the server in part"
        yield data[pos : pos + length]
        pos += length


# --- From the instrument


def update(*rectangles: bytes, count: int | None = None) -> bytes:
    return struct.pack(">BxH", 0, len(rectangles) if count is None else count) + b"".join(rectangles)


def rectangle(code: int, width: int, height: int, body: bytes = b"") -> bytes:
    return struct.pack(">HHHHi", 0, 0, width, height, code) + body


def counted(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def compact(data: bytes) -> bytes:
    """Data after its length as Tight writes it."""
    size = len(data)
    if size < 1 << 7:
        return bytes([size]) + data
    if size < 1 << 14:
        return bytes([size & 0x7F | 0x80, size >> 7]) + data
    return bytes([size & 0x7F | 0x80, size >> 7 & 0x7F | 0x80, size >> 14]) + data
