"""A little X client, to see in a real X server what arrived there: pointer, keys, and a text on its clipboard.

Only what the tests ask (X Window System Protocol, release 7), over the Unix socket of a display of this machine.
"""

import socket
import struct
import threading
from random import Random

CREATE_WINDOW, CHANGE_PROPERTY, SET_OWNER, SEND_EVENT, INTERN_ATOM = 1, 18, 22, 25, 16
QUERY_POINTER, QUERY_KEYMAP, CREATE_GC, FREE_GC, FILL, PUT_IMAGE = 38, 44, 55, 60, 70, 72
ATOM, STRING = 4, 31
SELECTION_REQUEST, SELECTION_NOTIFY = 30, 31


class Screen:
    """The root window of display `number`."""

    def __init__(self, number: int) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(60)
        self._socket.connect(f"/tmp/.X11-unix/X{number}")
        self._socket.sendall(struct.pack("<BxHHHHxx", ord("l"), 11, 0, 0, 0))
        head = self._read(8)
        assert head[0] == 1, "the X server lets nobody in"
        setup = self._read(struct.unpack("<H", head[6:])[0] * 4)
        self._base = struct.unpack_from("<I", setup, 4)[0]
        vendor, formats = struct.unpack_from("<H", setup, 16)[0], setup[21]
        self._root = struct.unpack_from("<I", setup, 32 + (vendor + 3) // 4 * 4 + 8 * formats)[0]

    def close(self) -> None:
        self._socket.close()

    def pointer(self) -> tuple[int, int, int]:
        """Its column and row, and its buttons as bits, the left one being 1."""
        answer = self._ask(struct.pack("<BxHI", QUERY_POINTER, 2, self._root))
        column, row, _x, _y, mask = struct.unpack_from("<hhhhH", answer, 16)
        return column, row, mask >> 8 & 31

    def keys_down(self) -> int:
        """How many keys are held down."""
        return sum(byte.bit_count() for byte in self._ask(struct.pack("<BxH", QUERY_KEYMAP, 1))[8:40])

    def fill(self, colour: int, *, width: int = 200, height: int = 150) -> None:
        """Paint the upper left of the root in 0xRRGGBB."""
        context = self._base + 1
        self._socket.sendall(struct.pack("<BxHIIII", CREATE_GC, 5, context, self._root, 1 << 2, colour))
        self._socket.sendall(struct.pack("<BxHIIhhHH", FILL, 5, self._root, context, 0, 0, width, height))
        self._socket.sendall(struct.pack("<BxHI", FREE_GC, 2, context))
        self.pointer()  # an answer: by now it is painted

    def noise(self, seed: int, *, width: int = 160, height: int = 100) -> None:
        """Paint the upper left with pixels at random, which no encoding packs well."""
        context = self._base + 1
        data = Random(seed).randbytes(4 * width * height)
        self._socket.sendall(struct.pack("<BxHIII", CREATE_GC, 4, context, self._root, 0))
        self._socket.sendall(
            struct.pack(
                "<BBHIIHHhhBBxx", PUT_IMAGE, 2, 6 + width * height, self._root, context, width, height, 0, 0, 0, 24
            )
            + data
        )
        self._socket.sendall(struct.pack("<BxHI", FREE_GC, 2, context))
        self.pointer()  # an answer: by now it is painted

    def cut(self, text: str) -> None:
        """Own the clipboard and serve this text to whoever asks, until the screen is closed."""
        clipboard = self._atom("CLIPBOARD")
        targets = self._atom("TARGETS")
        window = self._base + 2
        self._socket.sendall(
            struct.pack("<BBHIIhhHHHHII", CREATE_WINDOW, 0, 8, window, self._root, 0, 0, 1, 1, 0, 1, 0, 0)
        )
        for selection in (1, clipboard):  # PRIMARY is atom 1
            self._socket.sendall(struct.pack("<BxHIII", SET_OWNER, 4, window, selection, 0))
        threading.Thread(target=self._serve, args=(text.encode("latin-1"), targets), daemon=True).start()

    def _serve(self, text: bytes, targets: int) -> None:
        try:
            while True:
                event = self._read(32)
                if event[0] & 0x7F == SELECTION_REQUEST:
                    self._answer(event, text, targets)
        except OSError:
            return  # the test is over

    def _answer(self, event: bytes, text: bytes, targets: int) -> None:
        time, _owner, requestor, selection, target, name = struct.unpack_from("<6I", event, 4)
        is_list = target == targets
        kind, width, data = (ATOM, 32, struct.pack("<I", STRING)) if is_list else (STRING, 8, text)
        padded = data + bytes(-len(data) % 4)
        count = len(data) * 8 // width
        self._socket.sendall(
            struct.pack("<BBHIIIB3xI", CHANGE_PROPERTY, 0, 6 + len(padded) // 4, requestor, name, kind, width, count)
            + padded
        )
        notice = struct.pack("<BxHIIIII8x", SELECTION_NOTIFY, 0, time, requestor, selection, target, name)
        self._socket.sendall(struct.pack("<BBHII", SEND_EVENT, 0, 11, requestor, 0) + notice)

    def _atom(self, name: str) -> int:
        padded = name.encode() + bytes(-len(name) % 4)
        answer = self._ask(struct.pack("<BBHHxx", INTERN_ATOM, 0, 2 + len(padded) // 4, len(name)) + padded)
        return int(struct.unpack_from("<I", answer, 8)[0])

    def _ask(self, request: bytes) -> bytes:
        """Send a request and return its answer; events in between are of no interest."""
        self._socket.sendall(request)
        while True:
            answer = self._read(32)
            assert answer[0] != 0, f"the X server answered with error {answer[1]}"
            if answer[0] == 1:
                return answer + self._read(struct.unpack_from("<I", answer, 4)[0] * 4)

    def _read(self, number: int) -> bytes:
        data = b""
        while len(data) < number:
            piece = self._socket.recv(number - len(data))
            if not piece:
                raise OSError("the X server went")
            data += piece
        return data
