"""The filter of what a browser sends to an instrument: an allow-list by part in the session.

Any split of the bytes gives the same output, only whole messages go out, and no more than one message is kept.
"""

import struct

from bookings.desktop.clipboard import SENT_MOST, TEXT_MOST, may_go
from bookings.desktop.encodings import admitted
from bookings.desktop.rfb import SIDE_MOST, PixelFormat, ProtocolError, ServerInit, Side
from instruments.enums import Clipboard

SET_PIXELS, SET_ENCODINGS, ASK_UPDATE, KEY, POINTER, CUT_TEXT = 0, 2, 3, 4, 5, 6
CONTINUOUS_UPDATES, FENCE, SET_SIZE, QEMU = 150, 248, 251, 255
FIXED = {SET_PIXELS: 20, ASK_UPDATE: 10, KEY: 8, POINTER: 6, CONTINUOUS_UPDATES: 10, QEMU: 12}
WATCHING = {SET_PIXELS, SET_ENCODINGS, ASK_UPDATE, CONTINUOUS_UPDATES, FENCE}
INPUT = {KEY, POINTER, SET_SIZE, QEMU}

ENCODINGS_MOST = 1024
FENCE_MOST = 64
SCREENS_MOST = 16
KEYS_MOST = 64  # held down at once; further ones are left out
BUTTONS = 0x7F  # the eighth bit would announce a longer message, to those who agreed on one


class ClientFilter:
    """The messages of one browser towards one instrument.

    `pixels` is the layout that the browser chose. It stands from the first request for a picture on: a server may
    still be sending in the old one when a later change passes, and nobody could tell where its messages end.
    `passed` and `left_out` count messages, `inputs` those of keys and pointer, whether or not they passed.
    """

    def __init__(self, init: ServerInit) -> None:
        self.pixels = init.pixels
        self.passed = self.left_out = self.inputs = 0
        self._asked_for_pictures = False
        self._held = bytearray()
        self._skipped = 0  # bytes of a text that are still to be thrown away
        self._keys: dict[bytes, bytes] = {}  # key that is down -> the message that lifts it
        self._pointer = b""  # the last position, while a button is down

    @property
    def kept(self) -> int:
        """Bytes of an unfinished message."""
        return len(self._held)

    def feed(self, data: bytes, *, may_control: bool, clipboard: Clipboard | str) -> bytes:
        """Take bytes of the browser, return bytes for the instrument. Raises ProtocolError."""
        out = bytearray() if may_control else bytearray(self.let_go())
        self._held += data
        while self._held:
            length = self._length(may_control, clipboard)
            if self._skipped:
                self._skip()
            elif not length or length > len(self._held):
                break
            else:
                message = bytes(self._held[:length])
                del self._held[:length]
                passing = self._judged(message, may_control, clipboard)
                self.passed += bool(passing)
                self.left_out += not passing
                out += passing
        return bytes(out)

    def let_go(self) -> bytes:
        """What lifts the keys and buttons that this browser still holds down: send it when its control ends."""
        lifts = b"".join(self._keys.values())
        if self._pointer:
            lifts += struct.pack(">BB4s", POINTER, 0, self._pointer)
        self._keys.clear()
        self._pointer = b""
        return lifts

    def _length(self, may_control: bool, clipboard: Clipboard | str) -> int:
        """Bytes of the message that begins what is held; 0 while that cannot be told, or when it is skipped."""
        if self._skipped:
            return 0
        held, kind = self._held, self._held[0]
        if kind in FIXED:
            return FIXED[kind]
        if kind == SET_ENCODINGS:
            return 4 + 4 * self._bounded(">H", 2, ENCODINGS_MOST, "encodings") if len(held) >= 4 else 0
        if kind == FENCE:
            return 9 + self._bounded(">B", 8, FENCE_MOST, "bytes of a fence") if len(held) >= 9 else 0
        if kind == SET_SIZE:
            return 8 + 16 * self._bounded(">B", 6, SCREENS_MOST, "screens") if len(held) >= 8 else 0
        if kind == CUT_TEXT:
            return self._length_of_text(may_control, clipboard)
        raise ProtocolError(Side.BROWSER, f"a message of kind {kind}")

    def _bounded(self, form: str, offset: int, most: int, of_what: str) -> int:
        number: int = struct.unpack_from(form, self._held, offset)[0]
        if number > most:
            raise ProtocolError(Side.BROWSER, f"{number} {of_what}")
        return number

    def _length_of_text(self, may_control: bool, clipboard: Clipboard | str) -> int:
        """A text that will not pass is thrown away as it comes, without keeping it."""
        if len(self._held) < 8:
            return 0
        size, flags = abs(struct.unpack_from(">i", self._held, 4)[0]), None
        if self._held[4] >= 0x80:
            if size < 4:
                raise ProtocolError(Side.BROWSER, "a text without its flags")
            if len(self._held) < 12:
                return 0
            flags = struct.unpack_from(">I", self._held, 8)[0]
        if size > SENT_MOST:
            raise ProtocolError(Side.BROWSER, f"a text of {size} bytes")
        if size > TEXT_MOST or not may_go(flags, may_control=may_control, clipboard=clipboard, outward=True):
            self._skipped = 8 + size
            self.left_out += 1
            return 0
        return 8 + size

    def _skip(self) -> None:
        gone = min(self._skipped, len(self._held))
        del self._held[:gone]
        self._skipped -= gone

    def _judged(self, message: bytes, may_control: bool, clipboard: Clipboard | str) -> bytes:
        """The message as it may pass, or nothing."""
        kind = message[0]
        if kind in (KEY, POINTER, QEMU):
            self.inputs += 1
        if kind in WATCHING:
            return self._watching(kind, message, clipboard)
        if kind == CUT_TEXT:
            return message if self._text_may_pass(message, may_control, clipboard) else b""
        if kind not in INPUT or not may_control:
            return b""
        return self._input(kind, message)

    def _watching(self, kind: int, message: bytes, clipboard: Clipboard | str) -> bytes:
        if kind == SET_ENCODINGS:
            codes = admitted(struct.unpack(f">{(len(message) - 4) // 4}i", message[4:]), clipboard)
            return struct.pack(f">BxH{len(codes)}i", SET_ENCODINGS, len(codes), *codes)
        if kind == SET_PIXELS:
            self._choose(PixelFormat(message[4:]))
        if kind in (ASK_UPDATE, CONTINUOUS_UPDATES):
            self._asked_for_pictures = True
        return message

    def _choose(self, pixels: PixelFormat) -> None:
        if pixels.fault:
            raise ProtocolError(Side.BROWSER, pixels.fault)
        if self._asked_for_pictures and pixels != self.pixels:
            raise ProtocolError(Side.BROWSER, "another layout of pixels after its first request for a picture")
        self.pixels = pixels

    def _text_may_pass(self, message: bytes, may_control: bool, clipboard: Clipboard | str) -> bool:
        """Asked again once the text is whole: control may have gone meanwhile."""
        is_extended = message[4] >= 0x80
        flags = struct.unpack_from(">I", message, 8)[0] if is_extended else None
        return may_go(flags, may_control=may_control, clipboard=clipboard, outward=True)

    def _input(self, kind: int, message: bytes) -> bytes:
        if kind == POINTER:
            message = struct.pack(">BB4s", POINTER, message[1] & BUTTONS, message[2:])
            self._pointer = message[2:] if message[1] else b""
        elif kind == KEY:
            return self._key(message, message[4:], is_down=bool(message[1]))
        elif kind == QEMU:
            if message[1]:
                raise ProtocolError(Side.BROWSER, f"a message of QEMU's of kind {message[1]}")
            return self._key(message, message[:2] + message[4:], is_down=message[2:4] != b"\0\0")
        elif not all(0 < side <= SIDE_MOST for side in struct.unpack_from(">HH", message, 2)):
            raise ProtocolError(Side.BROWSER, "a screen of no size, or of too much")
        return message

    def _key(self, message: bytes, key: bytes, *, is_down: bool) -> bytes:
        if not is_down:
            self._keys.pop(key, None)
        elif key not in self._keys and len(self._keys) >= KEYS_MOST:
            return b""
        else:
            lifted = bytearray(message)
            lifted[1 if message[0] == KEY else 3] = 0
            lifted[2] = 0
            self._keys[key] = bytes(lifted)
        return message
