"""RFB, the protocol of VNC (RFC 6143): what both directions share, and the greeting of a browser.

The extensions beyond the RFC are those of the community's description (github.com/rfbproto/rfbproto). Nothing here
touches a socket.
"""

import struct
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

VERSION = b"RFB 003.008\n"
NO_SECURITY = 1
VNC_SECURITY = 2
SIDE_MOST = 16_384  # pixels of one side of a screen
NAME_MOST = 200  # characters of a desktop's name that are kept


class Side(StrEnum):
    BROWSER = "browser"
    INSTRUMENT = "instrument"


class ProtocolError(Exception):
    """What a side sent is no RFB, or none that is spoken here: its line has to end. `side` says who sent it."""

    def __init__(self, side: Side, what: str):
        super().__init__(f"the {side} sent {what}")
        self.side = side


@dataclass(frozen=True)
class PixelFormat:
    """How pixels are laid out: 16 bytes of ServerInit and of SetPixelFormat."""

    wire: bytes

    @property
    def size(self) -> int:
        """Bytes of a pixel."""
        return self.wire[0] // 8

    @property
    def tight_size(self) -> int:
        """Bytes of a pixel in the Tight encoding, which leaves out the unused byte of eight bits a colour."""
        return 3 if self._is_eight_bits_a_colour else self.size

    @property
    def fault(self) -> str:
        """What is wrong with it, or an empty string."""
        if self.wire[0] not in (8, 16, 32):
            return f"a pixel of {self.wire[0]} bits"
        if self._is_eight_bits_a_colour and any(shift % 8 for shift in self.wire[10:13]):
            return "a pixel whose colours lie across bytes"  # servers differ on how Tight shortens that one
        return ""

    @property
    def _is_eight_bits_a_colour(self) -> bool:
        bits, depth, _big_endian, true_colour = self.wire[:4]
        return bool(true_colour) and (bits, depth) == (32, 24) and self.wire[4:10] == b"\x00\xff" * 3


@dataclass(frozen=True)
class ServerInit:
    """What a VNC server says of its screen: size in pixels, layout of pixels, name."""

    width: int
    height: int
    pixels: PixelFormat
    name: str = ""

    FIXED = 24  # bytes before the name

    @classmethod
    def parse(cls, head: bytes) -> tuple[Self, int]:
        """Read the fixed part; return it and the bytes of the name that follow. Raises ProtocolError."""
        width, height = struct.unpack_from(">HH", head)
        pixels = PixelFormat(head[4:20])
        if not (0 < width <= SIDE_MOST and 0 < height <= SIDE_MOST):
            raise ProtocolError(Side.INSTRUMENT, f"a screen of {width} by {height} pixels")
        if pixels.fault:
            raise ProtocolError(Side.INSTRUMENT, pixels.fault)
        return cls(width, height, pixels), struct.unpack_from(">I", head, 20)[0]

    def wire(self) -> bytes:
        """As a browser hears it: without the name, which tells of hosts and accounts."""
        return struct.pack(">HH16sI", self.width, self.height, self.pixels.wire, 0)


def legible(raw: bytes, most: int = NAME_MOST) -> str:
    """A text from outside, for a log or a person: one line of printable characters, bounded."""
    return "".join(c if c.isprintable() else " " for c in raw.decode("utf-8", "replace"))[:most].strip()


class Greeting:
    """The relay as a VNC server towards a browser: RFB 3.8, no security (the ticket was it), ServerInit.

    One version and one security are all there is, so every answer that is no error is known before: the whole side of
    the relay is said at once, which saves a browser far away three times the way there and back. Send each piece of
    `hello` as a message of its own: noVNC looks no further than the version in the message that brings it. Then `feed`
    what comes, until `is_done`; `rest` are the bytes after it, for the filter of messages.
    """

    def __init__(self, init: ServerInit) -> None:
        self.hello = (VERSION, bytes([1, NO_SECURITY]) + bytes(4) + init.wire())
        self._awaited = [12, 1, 1]  # its version, the security it chose, and whether it would share: not its choice
        self._held = b""

    @property
    def is_done(self) -> bool:
        return not self._awaited

    @property
    def rest(self) -> bytes:
        return self._held if self.is_done else b""

    def feed(self, data: bytes) -> None:
        """Take bytes of the browser. Raises ProtocolError."""
        self._held += data
        while self._awaited and len(self._held) >= self._awaited[0]:
            length = self._awaited.pop(0)
            self._check(self._held[:length])
            self._held = self._held[length:]

    def _check(self, said: bytes) -> None:
        if len(said) == 12 and said != VERSION:
            raise ProtocolError(Side.BROWSER, "another version than RFB 3.8")
        if len(self._awaited) == 1 and said != bytes([NO_SECURITY]):
            raise ProtocolError(Side.BROWSER, "a security type that was not offered")
