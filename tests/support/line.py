"""A line between two programs of this machine that can be thin, far and cut: a TCP relay with a rate and a delay."""

import asyncio
import socket
import threading
from collections.abc import Coroutine
from typing import Any

from tests.support.waiting import PATIENCE

PIECE = 1400  # bytes that travel together, as a packet would
WINDOW = 16 * 1024  # bytes of a direction that the far side may have sent and the line not yet carried
BITS = 8


class Way:
    """One direction of the line, which all its connections share."""

    def __init__(self, bits_a_second: float, delay: float) -> None:
        self.pace, self.delay = BITS / bits_a_second if bits_a_second else 0.0, delay
        self.carried = 0  # bytes
        self._free_at = 0.0

    async def carry(self, size: int) -> float:
        """Wait until so many bytes have been put on the line; returns the moment at which they arrive."""
        loop = asyncio.get_running_loop()
        self._free_at = max(self._free_at, loop.time()) + size * self.pace
        if self.pace:
            await asyncio.sleep(self._free_at - loop.time())
        self.carried += size
        return loop.time() + self.delay


class Line:
    """To `port` of this machine: `bits_a_second` each way (0: no limit), `trip` seconds there and back.

    `there` and `back` count what was carried. Runs in a thread of its own between `start` and `stop`.
    """

    def __init__(self, port: int, *, bits_a_second: float = 0, trip: float = 0) -> None:
        self.there, self.back = Way(bits_a_second, trip / 2), Way(bits_a_second, trip / 2)
        self.port = 0
        self._target = port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "Line":
        self._thread.start()
        self._do(self._listen())
        return self

    def stop(self) -> None:
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def cut(self) -> None:
        """Drop every connection at once; new ones come through."""
        self._do(self._abort())

    def __enter__(self) -> "Line":
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.stop()

    def _do(self, deed: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(deed, self._loop).result(2 * PATIENCE)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", self.port, limit=WINDOW)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _abort(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    async def _close(self) -> None:
        assert self._server is not None
        self._server.close()
        own = asyncio.current_task()
        async with asyncio.timeout(PATIENCE):
            while any(task is not own for task in asyncio.all_tasks()):  # one that was just accepted comes late
                await self._abort()
                await asyncio.sleep(0.01)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers = [writer]
        self._open.add(writer)
        try:
            far, answer = await asyncio.open_connection(sock=await self._dial(), limit=WINDOW)
            writers.append(answer)
            self._open.add(answer)
            await asyncio.gather(_pipe(reader, answer, self.there), _pipe(far, writer, self.back))
        except OSError:
            writer.transport.abort()  # nobody is there: the caller finds the door shut
        finally:
            for each in writers:
                each.close()
            # What is left is sent, or dropped by `_abort`: a loop that stops earlier leaves the socket behind.
            await asyncio.gather(*(each.wait_closed() for each in writers), return_exceptions=True)
            self._open.difference_update(writers)

    async def _dial(self) -> socket.socket:
        """With a small window, or the machine itself would hold what a thin line has not yet carried."""
        way = socket.socket()
        way.setblocking(False)
        way.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WINDOW)
        try:
            await self._loop.sock_connect(way, ("127.0.0.1", self._target))
        except OSError:
            way.close()
            raise
        return way


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: Way) -> None:
    """Carry until the sender ends, then end."""
    flying: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
    landing = asyncio.create_task(_land(flying, writer))
    try:
        while data := await reader.read(PIECE):
            flying.put_nowait((await way.carry(len(data)), data))
        await flying.join()
        writer.write_eof()
    except OSError:
        writer.transport.abort()  # the sender is gone without a word, and so is this line
    finally:
        landing.cancel()


async def _land(flying: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
    """Hand over what is on its way, each piece at its moment."""
    loop = asyncio.get_running_loop()
    while True:
        moment, data = await flying.get()
        if (wait := moment - loop.time()) > 0:
            await asyncio.sleep(wait)
        if not writer.is_closing():
            writer.write(data)
        flying.task_done()
