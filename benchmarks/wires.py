"""Lean clients for the benchmark of the relay: RFB over a plain socket or a WebSocket, as fast as Python goes."""

import base64
import os
import socket
import struct
from typing import Self

PIECE = 1 << 18
BINARY, CLOSE, PING, PONG = 2, 8, 9, 10


class Wire:
    """A blocking TCP connection on which `take` returns what came, some bytes at least. Raises OSError at its end."""

    def __init__(self, port: int, source: str = "127.0.0.1") -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), 30, (source, 0))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._read = b""

    def say(self, data: bytes) -> None:
        self.socket.sendall(data)

    def take(self) -> bytes:
        data = self.socket.recv(PIECE)
        if not data:
            raise OSError("hung up")
        return data

    def exactly(self, length: int) -> bytes:
        while len(self._read) < length:
            self._read += self.take()
        data, self._read = self._read[:length], self._read[length:]
        return data

    def skip(self, length: int) -> None:
        length -= len(self._read)
        self._read = b""
        while length > 0:
            length -= len(self.take())
        assert length == 0, "more came than was asked for"

    def greet(self) -> Self:
        """Up to ServerInit, as noVNC does."""
        self.exactly(12)
        self.say(b"RFB 003.008\n")
        assert self.exactly(2) == b"\1\1"
        self.say(b"\1")
        assert self.exactly(4) == bytes(4)
        self.say(b"\1")
        self.exactly(struct.unpack(">I", self.exactly(24)[20:])[0])
        return self

    def ask(self, number: int, *, moves: bool = False) -> None:
        self.say(struct.pack(">BBHHHH", 3, moves, 0, 0, number, 1))

    def close(self) -> None:
        self.socket.close()


class WebWire(Wire):
    """The same over a WebSocket (RFC 6455); frames of the server are read without copying them twice."""

    def __init__(self, port: int, path: str, headers: dict[str, str], source: str = "127.0.0.1") -> None:
        super().__init__(port, source)
        self._head, self._payload = b"", 0
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket", "Connection: Upgrade"]
        lines += [f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}", "Sec-WebSocket-Version: 13"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.socket.recv(1)
        assert answer.startswith(b"HTTP/1.1 101"), answer

    def say(self, data: bytes) -> None:
        """Masked with zeros: a mask like any other, and the cheapest. At most 65,535 bytes."""
        size = bytes([0x80 | len(data)]) if len(data) < 126 else struct.pack(">BH", 0xFE, len(data))
        self.socket.sendall(bytes([0x80 | BINARY]) + size + bytes(4) + data)

    def take(self) -> bytes:
        out = b""
        while not out:
            out = self.feed(super().take())
        return out

    def feed(self, data: bytes) -> bytes:
        """The payloads in what came."""
        data = self._head + data if self._head else data
        self._head, pos, pieces = b"", 0, []
        while pos < len(data):
            if not self._payload:
                head = self._frame(data, pos)
                if not head:
                    self._head = data[pos:]
                    break
                pos += head
            piece = data[pos : pos + self._payload]
            self._payload -= len(piece)
            pos += len(piece)
            pieces.append(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _frame(self, data: bytes, pos: int) -> int:
        """Bytes of the head of the frame that begins here, whose payload is noted; 0 when it is not whole."""
        if len(data) - pos < 2:
            return 0
        opcode, size = data[pos] & 15, data[pos + 1]
        if opcode == CLOSE:
            raise OSError(f"closed: {data[pos + 2 :]!r}")
        if opcode == PING:
            return self._pong(data, pos, size)
        wide = {126: 2, 127: 8}.get(size, 0)
        if len(data) - pos < 2 + wide:
            return 0
        self._payload = int.from_bytes(data[pos + 2 : pos + 2 + wide]) if wide else size
        return 2 + wide

    def _pong(self, data: bytes, pos: int, size: int) -> int:
        ping = data[pos + 2 : pos + 2 + size]
        if len(ping) < size:
            return 0
        self.socket.sendall(bytes([0x80 | PONG, 0x80 | size]) + bytes(4) + ping)
        return 2 + size
