"""Carrying a screen: the greeting of the browser, then bytes both ways through the filters."""

import asyncio
import logging
import time
from collections.abc import Callable

from django.conf import settings

from bookings.desktop import codes, figures
from bookings.desktop.dial import DesktopError, Target, networks, open_desktop
from bookings.desktop.dial import Line as Screen
from bookings.desktop.messages import ClientFilter
from bookings.desktop.picture import ServerFilter
from bookings.desktop.rfb import Greeting
from bookings.desktop.sockets import CutOff, Socket
from instruments.enums import Clipboard, DesktopTrouble

logger = logging.getLogger(__name__)
GREETING = 15.0  # seconds a browser has for its side of the greeting
PIECE = 65_536  # bytes read from an instrument at a time
TURN = 16_384  # bytes of a browser that are filtered before all others have their turn
STALLED = 30.0  # seconds an instrument has to take what a browser sent
PENDING = 65_536  # bytes that wait for an instrument before the browser is not read any more


async def dial(target: Target) -> Screen:
    """Open the screen. Raises CutOff, whose reason is a code of DesktopTrouble."""
    allowed = networks(settings.DESKTOP_ALLOWED_NETWORKS)
    try:
        with figures.DIAL_SECONDS.time():
            screen = await open_desktop(target, allowed=allowed)
    except DesktopError as error:
        logger.warning("an instrument cannot be reached: %s", error)
        figures.DIALS.labels(error.code.value).inc()
        raise CutOff(codes.UNREACHABLE, error.code.value) from error
    figures.DIALS.labels("answered").inc()
    screen.writer.transport.set_write_buffer_limits(PENDING)
    return screen


class Carrier:
    """One browser at one screen. `rights` is asked for every piece: may it control, and which way may texts go."""

    def __init__(self, socket: Socket, screen: Screen, rights: Callable[[], tuple[bool, Clipboard]]) -> None:
        self._socket, self._screen, self._rights = socket, screen, rights
        self._up = ClientFilter(screen.init)
        self._down = ServerFilter(self._up)
        self._rest = b""
        self.heard_at = time.monotonic()  # when a byte last came, from either side

    async def greet(self) -> None:
        """Raises CutOff, Gone, ProtocolError."""
        greeting = Greeting(self._screen.init)
        try:
            async with asyncio.timeout(GREETING):
                for piece in greeting.hello:
                    await self._socket.send(piece)
                while not greeting.is_done:
                    greeting.feed(await self._socket.receive_bytes())
        except TimeoutError:
            raise CutOff(codes.SLOW) from None
        self._rest = greeting.rest

    async def carry(self) -> None:
        """Both ways until one ends. Raises CutOff, Gone, ProtocolError."""
        tasks = [asyncio.ensure_future(self._carry_up()), asyncio.ensure_future(self._carry_down())]
        try:
            done, _others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()

    def let_go(self) -> None:
        """Lift what this browser still holds down: its control has ended."""
        if lifts := self._up.let_go():
            self._screen.writer.write(lifts)

    async def _carry_up(self) -> None:
        data, count = self._rest, figures.BYTES.labels("up")
        while True:
            for begun in range(0, len(data), TURN):
                may_control, clipboard = self._rights()
                piece = data[begun : begun + TURN]
                if out := self._up.feed(piece, may_control=may_control, clipboard=clipboard):
                    self._screen.writer.write(out)
                    count.inc(len(out))
                    await self._drain()
                await asyncio.sleep(0)
            data = await self._socket.receive_bytes()
            self.heard_at = time.monotonic()

    async def _drain(self) -> None:
        try:
            async with asyncio.timeout(STALLED):
                await self._screen.writer.drain()
        except TimeoutError:
            raise CutOff(codes.UNREACHABLE, DesktopTrouble.SILENT.value) from None
        except OSError:
            raise CutOff(codes.UNREACHABLE, DesktopTrouble.REFUSED.value) from None

    async def _carry_down(self) -> None:
        count = figures.BYTES.labels("down")
        while True:
            data = await self._read()
            self.heard_at = time.monotonic()
            may_control, clipboard = self._rights()
            if out := self._down.feed(data, may_control=may_control, clipboard=clipboard):
                count.inc(len(out))
                await self._socket.send(out)

    async def _read(self) -> bytes:
        """Some bytes of the instrument. Raises CutOff once it has hung up."""
        try:
            data = await self._screen.reader.read(PIECE)
        except OSError:
            data = b""
        if not data:
            raise CutOff(codes.UNREACHABLE, DesktopTrouble.REFUSED.value)
        return data
