"""Against a real VNC server: what the filters let through arrives, and what they hold back does not."""

import asyncio
import re
import struct
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from bookings.desktop.dial import DesktopError, Direct, Line, Patience, networks, open_desktop
from bookings.desktop.messages import ClientFilter
from bookings.desktop.picture import ServerFilter
from instruments.enums import Clipboard, DesktopTrouble
from tests.support import rfb_messages as say
from tests.support.vnc import Vnc

LOOPBACK = networks(["127.0.0.0/8"])
LEFT_CONTROL, LETTER = 0xFFE3, 0x61
FENCE_REQUEST = re.compile(rb"\xf8\0\0\0(\x80\0\0.)(?s:\x01(.)|\x00())")
ENOUGH = 60.0  # seconds for anything to arrive


class Viewer:
    """What the relay does between a browser and a server: filters over an open line."""

    def __init__(self, line: Line, may_control: bool, clipboard: Clipboard) -> None:
        self.line, self.may_control, self.clipboard = line, may_control, clipboard
        self.client = ClientFilter(line.init)
        self.server = ServerFilter(self.client)
        self.seen = b""
        self._answered = 0  # bytes of what was seen

    def say(self, data: bytes) -> None:
        out = self.client.feed(data, may_control=self.may_control, clipboard=self.clipboard)
        self.line.writer.write(out)

    async def hear_until(self, is_enough: Callable[[], bool]) -> None:
        async with asyncio.timeout(ENOUGH):
            while not is_enough():
                data = await self.line.reader.read(1 << 16)
                assert data, "the server hung up"
                self.seen += self.server.feed(data, may_control=self.may_control, clipboard=self.clipboard)
                self._answer_fences()

    def _answer_fences(self) -> None:
        """The server measures the line with them, and sends no further picture before it has its answer."""
        for asked in FENCE_REQUEST.finditer(self.seen, self._answered):
            self.say(say.fence(asked[2] or b"", int.from_bytes(asked[1]) & 0x7FFFFFFF))
            self._answered = asked.end()

    async def settle(self, mark: bytes = b"settled") -> None:
        """Wait until the server has done all that was said: it answers a fence after that."""
        self.say(say.fence(mark, flags=0x80000001))  # a request; block before
        await self.hear_until(lambda: mark in self.seen)


def view(
    server: Vnc,
    work: Callable[[Viewer], Coroutine[Any, Any, None]],
    *,
    may_control: bool = True,
    clipboard: Clipboard = Clipboard.NONE,
    encodings: tuple[int, ...] = (7, 16, 0),
    layout: bytes = say.pixels(),
) -> Viewer:
    """Connect as the page does, do the work, hang up."""

    async def run() -> Viewer:
        target = Direct("127.0.0.1", server.port, server.password)
        line = await open_desktop(target, allowed=LOOPBACK)
        viewer = Viewer(line, may_control, clipboard)
        try:
            viewer.say(say.set_pixels(layout) + say.set_encodings(*encodings, -312, say.EXTENDED_CLIPBOARD))
            await viewer.hear_until(lambda: b"\xf8\0\0\0" in viewer.seen)  # it speaks fences
            await work(viewer)
        finally:
            await line.close()
        return viewer

    return asyncio.run(run())


def test_the_first_picture(vnc: Vnc) -> None:
    async def work(viewer: Viewer) -> None:
        viewer.say(say.ask_update())
        await viewer.hear_until(lambda: viewer.server.updates == 1)

    viewer = view(vnc, work)
    assert (viewer.line.init.width, viewer.line.init.height) == (800, 600)
    assert "secret-host" in viewer.line.init.name
    assert b"secret-host" not in viewer.seen


def test_input_of_who_holds_control_arrives(vnc: Vnc) -> None:
    screen = vnc.screen()

    async def work(viewer: Viewer) -> None:
        viewer.say(say.pointer(123, 45, 1) + say.key(LETTER))
        await viewer.settle()
        assert screen.pointer() == (123, 45, 1)
        assert screen.keys_down() == 1
        viewer.say(say.pointer(124, 46, 0) + say.key(LETTER, down=False))
        await viewer.settle(b"settled again")
        assert screen.pointer() == (124, 46, 0)
        assert screen.keys_down() == 0

    view(vnc, work)


def test_input_of_who_watches_does_not_arrive(vnc: Vnc) -> None:
    screen = vnc.screen()
    before = screen.pointer()

    async def work(viewer: Viewer) -> None:
        viewer.say(say.pointer(321, 54, 1) + say.key(LETTER) + say.qemu_key(LETTER, 30) + say.set_size(640, 480))
        await viewer.settle()
        assert screen.pointer() == before
        assert screen.keys_down() == 0

    viewer = view(vnc, work, may_control=False)
    assert viewer.client.left_out == 4


def test_nothing_stays_down_when_control_goes(vnc: Vnc) -> None:
    """The line goes on watching, so the server would not lift anything by itself."""
    screen = vnc.screen()

    async def work(viewer: Viewer) -> None:
        viewer.say(say.key(LEFT_CONTROL) + say.key(LETTER) + say.pointer(50, 60, 4))
        await viewer.settle()
        assert screen.keys_down() == 2
        assert screen.pointer() == (50, 60, 4)
        viewer.line.writer.write(viewer.client.let_go())
        viewer.may_control = False
        viewer.say(say.key(LETTER) + say.pointer(70, 80, 1))
        await viewer.settle(b"settled again")
        assert screen.keys_down() == 0
        assert screen.pointer() == (50, 60, 0)

    view(vnc, work)


@pytest.mark.parametrize(
    "encodings", [(0,), (1, 0), (2,), (16,), (7,), (7, -32, -247), (7, -23, -255), (7, -224, -239)]
)
@pytest.mark.parametrize(
    "layout", [say.pixels(), say.pixels(16, 16, 31, (11, 5, 0)), say.pixels(8, 6, 3, (4, 2, 0)), say.pixels(32, 32)]
)
def test_its_pictures_are_followed_to_their_ends(vnc: Vnc, encodings: tuple[int, ...], layout: bytes) -> None:
    """A fence after each picture is found only where its end was told right."""
    screen = vnc.screen()

    async def work(viewer: Viewer) -> None:
        viewer.say(say.ask_update())
        await viewer.hear_until(lambda: viewer.server.updates == 1)
        for turn, paint in enumerate(
            (lambda: screen.fill(0x336699), lambda: screen.noise(7), lambda: screen.fill(255))
        ):
            viewer.say(say.ask_update(incremental=True))
            paint()
            await viewer.hear_until(lambda turn=turn: viewer.server.updates >= turn + 2)
            await viewer.settle(f"picture {turn}".encode())

    viewer = view(vnc, work, encodings=encodings, layout=layout, may_control=False)
    assert viewer.server.kept == 0


@pytest.mark.parametrize(
    ("clipboard", "may_control", "arrives"),
    [
        (Clipboard.FROM_INSTRUMENT, True, True),
        (Clipboard.BOTH, True, True),
        (Clipboard.BOTH, False, False),
        (Clipboard.TO_INSTRUMENT, True, False),
        (Clipboard.NONE, True, False),
    ],
)
def test_a_text_cut_at_the_instrument(start_vnc, clipboard: Clipboard, may_control: bool, arrives: bool) -> None:
    """A plain one: the extended clipboard is not asked for, so the server sends it unasked."""
    server = start_vnc()
    text = f"a = 7.1 A, {clipboard}, {may_control}"

    async def work(viewer: Viewer) -> None:
        server.screen().cut(text)
        await viewer.hear_until(lambda: text.encode() in viewer.seen or viewer.server.left_out > 0)
        viewer.say(say.ask_update())
        await viewer.hear_until(lambda: viewer.server.updates == 1)
        await viewer.settle()

    async def run() -> Viewer:
        line = await open_desktop(Direct("127.0.0.1", server.port), allowed=LOOPBACK)
        viewer = Viewer(line, may_control, clipboard)
        viewer.say(say.set_encodings(0, -312))
        await viewer.hear_until(lambda: b"\xf8\0\0\0" in viewer.seen)
        await work(viewer)
        await line.close()
        return viewer

    viewer = asyncio.run(run())
    assert (text.encode() in viewer.seen) == arrives
    assert viewer.server.left_out == (not arrives)


@pytest.mark.parametrize(
    ("clipboard", "arrives"),
    [(Clipboard.FROM_INSTRUMENT, True), (Clipboard.TO_INSTRUMENT, False), (Clipboard.NONE, False)],
)
def test_a_text_announced_by_the_extended_clipboard(start_vnc, clipboard: Clipboard, arrives: bool) -> None:
    server = start_vnc()
    announced = struct.pack(">I", say.NOTIFY | 1)

    async def work(viewer: Viewer) -> None:
        everything = say.CAPS | say.REQUEST | say.PEEK | say.NOTIFY | say.PROVIDE | 1
        viewer.say(say.extended_text(everything, bytes(4)))
        await viewer.settle()
        before = viewer.server.left_out
        server.screen().cut("a = 7.1 A")
        await viewer.hear_until(lambda: announced in viewer.seen or viewer.server.left_out > before)

    viewer = view(server, work, clipboard=clipboard)
    assert (announced in viewer.seen) == arrives


def test_who_holds_control_may_change_the_size(start_vnc) -> None:
    server = start_vnc()

    async def work(viewer: Viewer) -> None:
        viewer.say(say.ask_update())
        await viewer.hear_until(lambda: viewer.server.updates >= 1)
        viewer.say(struct.pack(">BxHHBxIHHHHI", 251, 640, 480, 1, 0, 0, 0, 640, 480, 0))
        viewer.say(say.ask_update(incremental=True))
        await viewer.hear_until(lambda: struct.pack(">HHi", 640, 480, -308) in viewer.seen)
        await viewer.settle()

    view(server, work, encodings=(7, -308))


# --- A server that is in trouble


def trouble(server: Vnc, password: str = "", **options: Any) -> DesktopTrouble:
    with pytest.raises(DesktopError) as error:
        asyncio.run(open_desktop(Direct("127.0.0.1", server.port, password), allowed=LOOPBACK, **options))
    return error.value.code


def test_a_wrong_password_and_none(start_vnc) -> None:
    server = start_vnc("secret12", options=("-BlacklistThreshold", "2"))
    assert trouble(server) == DesktopTrouble.PASSWORD
    found = [trouble(server, "wrong") for _ in range(4)]
    assert found[0] == DesktopTrouble.PASSWORD
    assert found[-1] == DesktopTrouble.REFUSED  # it has had enough of us


def test_a_server_that_asks_for_more_than_a_password(start_vnc) -> None:
    server = start_vnc(options=("-SecurityTypes", "VeNCrypt"))
    assert trouble(server, "secret12") == DesktopTrouble.SECURITY


def test_a_frozen_server(start_vnc) -> None:
    server = start_vnc()
    server.hang()
    patience = Patience(step=0.5, whole=120)
    begun = time.monotonic()
    assert trouble(server, patience=patience) == DesktopTrouble.SILENT
    assert time.monotonic() - begun < patience.whole
    server.wake()
    asyncio.run(_open_and_close(server))


def test_a_server_that_is_gone(start_vnc) -> None:
    server = start_vnc()
    server.stop()
    assert trouble(server) == DesktopTrouble.UNREACHABLE


async def _open_and_close(server: Vnc) -> None:
    line = await open_desktop(Direct("127.0.0.1", server.port), allowed=LOOPBACK)
    await line.close()
