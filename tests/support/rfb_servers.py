"""VNC servers that are none, or bad ones: each follows a script to the letter and then holds the line, or hangs up."""

import socket
import struct
import threading
from types import TracebackType

from tests.support.waiting import PATIENCE

VERSION = b"RFB 003.008\n"
CHALLENGE = bytes(range(16))
PIXELS = struct.pack(">BBBBHHHBBB3x", 32, 24, 0, 1, 255, 255, 255, 16, 8, 0)
INIT = struct.pack(">HH16sI", 800, 600, PIXELS, 4) + b"name"
# What a good server says (bytes) and waits for (a number of bytes), with a password and without.
WITH_PASSWORD: list[bytes | int] = [VERSION, 12, b"\x01\x02", 1, CHALLENGE, 16, bytes(4), 1, INIT]
WITHOUT_PASSWORD: list[bytes | int] = [VERSION, 12, b"\x01\x01", 1, bytes(4), 1, INIT]


class Scripted:
    """Listens on a port of loopback and follows `steps` with everybody who comes.

    `heard` is what the callers said, `callers` how many came; after the steps the line is held until the test is over,
    or closed (`hangs_up`). Use it with `with`; it works in a thread of its own.
    """

    def __init__(self, *steps: bytes | int, hangs_up: bool = False) -> None:
        self._steps, self._hangs_up = steps, hangs_up
        self.heard = b""
        self.callers = 0
        self._lines: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> "Scripted":
        self._thread.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(PATIENCE)
        for line in self._lines:
            line.close()

    def left_by_all(self) -> bool:
        """Whether every caller has hung up, or does in time; a line that this side closed counts."""
        return all(_is_left(line) for line in self._lines)

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listening.accept()
            except OSError:
                return  # the test is over
            line.settimeout(PATIENCE)
            self._lines.append(line)
            self.callers += 1
            try:
                self._follow(line)
            except OSError:
                line.close()  # the caller went in the middle
            if self._hangs_up:
                line.close()

    def _follow(self, line: socket.socket) -> None:
        for step in self._steps:
            if isinstance(step, bytes):
                line.sendall(step)
                continue
            while step:
                data = line.recv(step)
                if not data:
                    return
                self.heard += data
                step -= len(data)


def _is_left(line: socket.socket) -> bool:
    try:
        while line.fileno() >= 0 and line.recv(1 << 16):
            pass  # what was said before
    except TimeoutError:
        return False
    except OSError:
        return True
    return True
