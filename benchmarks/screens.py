"""VNC servers and a plain relay beside the portal's own, each a process: `python -m benchmarks.screens <kind>`.

A screen answers an update request by its width: 0 is one small picture that carries its number (a ping), n are n MiB
of pictures as fast as they are taken, and an incremental request for n is n small pictures, ten a second.
"""

import asyncio
import socket
import struct
import sys
import threading
import time

GREETING = b"RFB 003.008\n"
PIXELS = struct.pack(">BBBBHHHBBB3x", 32, 24, 0, 1, 255, 255, 255, 16, 8, 0)
INIT = struct.pack(">HH16sI", 1024, 768, PIXELS, 0)
ZRLE, COPY = 16, 1
PICTURE = 63 * 1024  # bytes
PACE = 0.1  # seconds between two pictures of a screen that moves


def small(number: int) -> bytes:
    """A picture of 20 bytes that carries its number."""
    return struct.pack(">BxHHHHHiI", 0, 1, 0, 0, 1, 1, COPY, number)


def large() -> bytes:
    """A picture as a busy screen sends it."""
    return struct.pack(">BxHHHHHiI", 0, 1, 0, 0, 1024, 768, ZRLE, PICTURE - 20) + bytes(PICTURE - 20)


def serve(*, is_practice: bool) -> None:
    """Say the port, then serve everybody in threads. A practice instrument is greeted as a repeater."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=256)
    print(listening.getsockname()[1], flush=True)
    while True:
        line, _ = listening.accept()
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=_show, args=(line, is_practice), daemon=True).start()


def _show(line: socket.socket, is_practice: bool) -> None:
    try:
        if is_practice:
            line.sendall(b"RFB 000.000\n")
            _read(line, 250)
        line.sendall(GREETING)
        _read(line, 12)
        line.sendall(b"\1\1")
        _read(line, 1)
        line.sendall(bytes(4))
        _read(line, 1)
        line.sendall(INIT)
        while True:
            _answer(line, _read(line, 10))
    except OSError:
        line.close()


def _answer(line: socket.socket, request: bytes) -> None:
    moves, number = struct.unpack_from(">xBxxxxH", request)
    if moves:
        for each in range(number):
            line.sendall(small(each))
            time.sleep(PACE)
    elif not number:
        line.sendall(small(0))
    else:
        picture = large()
        for _ in range(number * 1024 * 1024 // len(picture)):
            line.sendall(picture)


def _read(line: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length:
        piece = line.recv(length - len(data))
        if not piece:
            raise OSError("gone")
        data += piece
    return data


async def carry_in_streams(port: int) -> None:
    """Say the port of a TCP relay to `port` on streams, in the pieces that the portal's relay takes; then be it."""

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
        writer.close()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port, limit=1 << 18)
        await asyncio.gather(pipe(reader, back), pipe(there, writer), return_exceptions=True)

    server = await asyncio.start_server(meet, "127.0.0.1", 0, limit=1 << 18)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


class Pipe(asyncio.Protocol):
    """One side of a plain relay: what it gets goes out at `other`, no faster than that is taken."""

    def __init__(self) -> None:
        self.other: Pipe | None = None
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        if self.other and self.other.transport:
            self.other.transport.write(data)

    def pause_writing(self) -> None:
        if self.other and self.other.transport:
            self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        if self.other and self.other.transport:
            self.other.transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.other and self.other.transport:
            self.other.transport.close()


async def carry_barely(port: int) -> None:
    """Say the port of a TCP relay to `port`, as bare as asyncio allows and in larger pieces; then be it."""
    loop = asyncio.get_running_loop()
    dialling = set()

    async def dial(near: Pipe) -> None:
        _, far = await loop.create_connection(Pipe, "127.0.0.1", port)
        near.other, far.other = far, near

    class Near(Pipe):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            super().connection_made(transport)
            task = loop.create_task(dial(self))
            dialling.add(task)
            task.add_done_callback(dialling.discard)

    server = await loop.create_server(Near, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    if sys.argv[1] == "plain":
        asyncio.run(carry_in_streams(int(sys.argv[2])))
    elif sys.argv[1] == "bare":
        asyncio.run(carry_barely(int(sys.argv[2])))
    else:
        serve(is_practice=sys.argv[1] == "practice")
