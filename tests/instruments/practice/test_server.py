"""The practice instrument at its address: real lines, a real client, and callers of every bad kind."""

import asyncio
import contextlib
import random
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from bookings.desktop.dial import Practice, open_desktop
from bookings.desktop.messages import ClientFilter
from bookings.desktop.picture import ServerFilter
from instruments.enums import Clipboard
from instruments.practice import server as server_module
from instruments.practice.rfb.damage import Damage, differences, tiles
from instruments.practice.rfb.pixels import BadFormat, Packer, PixelFormat
from instruments.practice.rfb.viewer import MOST_TEXT
from instruments.practice.server import BUFFER, MOST_CHECKS, MOST_UNITS, Server, parse_address
from tests.instruments.practice.client import CONTINUOUS, CURSOR, DESKTOP_NAME, FENCES, RAW, ZLIB, Client, Refused


@asynccontextmanager
async def served(folder: Path, **options: Callable[..., None]) -> AsyncIterator[Server]:
    server = Server(f"unix:{folder / 'rfb.sock'}", **options)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
        assert not server.rooms
        assert not server.lines


def run(folder: Path, deed: Callable[[Server], Awaitable[None]], **options: Callable[..., None]) -> None:
    """Do something with a server that stands, within two minutes."""

    async def all_of_it() -> None:
        async with asyncio.timeout(120), served(folder, **options) as server:
            await deed(server)

    asyncio.run(all_of_it())


async def until(question: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not question():
            await asyncio.sleep(0.01)


def same(one: Image.Image, other: Image.Image) -> bool:
    return ImageChops.difference(one, other).getbbox() is None


def test_a_viewer_sees_the_screen_and_what_a_key_changes(tmp_path):
    async def deed(server: Server) -> None:
        client = await Client.open(server.address, "unit-7")
        assert client.name == "Practice diffractometer - Halite"
        client.encodings(ZLIB, RAW, DESKTOP_NAME)
        client.ask(incremental=False)
        assert await client.update() < 70_000
        room = server.rooms["unit-7"]
        assert same(client.picture, room.picture)
        client.key(ord("c"))
        client.ask()
        await client.update()
        assert client.name == "Practice diffractometer - Quartz"
        assert same(client.picture, room.picture)
        client.click(600, 160)  # the first crystal again
        client.ask()
        await client.update()
        assert room.instrument.crystal.name == "Halite"
        await client.close()

    run(tmp_path, deed)


def test_a_viewer_without_zlib_gets_plain_pixels(tmp_path):
    async def deed(server: Server) -> None:
        client = await Client.open(server.address, "unit-7")
        client.ask(incremental=False)
        assert await client.update() >= 1024 * 768 * 4
        assert same(client.picture, server.rooms["unit-7"].picture)
        await client.close()

    run(tmp_path, deed)


def test_a_run_reaches_every_viewer_whole(tmp_path):
    async def deed(server: Server) -> None:
        clients = [await Client.open(server.address, "unit-7") for _ in range(3)]
        room = server.rooms["unit-7"]
        for client in clients:
            client.encodings(ZLIB)
            client.ask(incremental=False)
            await client.update()
        room.instrument.choose(degrees=30, width=2.0)
        clients[0].key(ord("5"))
        clients[0].key(ord(" "))

        async def follow(client: Client) -> int:
            for number in range(1000):
                client.ask()
                await client.update()
                if not room.instrument.is_busy and same(client.picture, room.picture):
                    return number
            raise AssertionError("it never came to rest")

        assert min(await asyncio.gather(*map(follow, clients))) > 5
        assert room.instrument.result is not None
        for client in clients:
            await client.close()

    run(tmp_path, deed)


def test_continuous_updates_wait_for_those_who_do_not_keep_up(tmp_path):
    async def deed(server: Server) -> None:
        client = await Client.open(server.address, "unit-7")
        client.encodings(ZLIB, FENCES, CONTINUOUS)
        client.ask(incremental=False)
        await client.update()
        client.writer.write(struct.pack(">BBHHHH", 150, 1, 0, 0, 1024, 768))
        client.key(ord("2"))
        await client.update()  # without having been asked for
        room = server.rooms["unit-7"]
        (viewer,) = room.viewers
        client.acknowledges = False
        client.key(ord("r"))
        await client.update()
        client.key(ord("r"))
        await until(lambda: room.instrument.view == 180 and viewer.fences == 2 and bool(viewer.damage))
        await asyncio.sleep(0.2)
        assert viewer.fences == 2
        assert viewer.damage, "held back"
        await client.close()

    run(tmp_path, deed)


def test_who_stops_continuous_updates_is_told_and_asks_again(tmp_path):
    async def deed(server: Server) -> None:
        client = await Client.open(server.address, "unit-7")
        client.encodings(ZLIB, FENCES, CONTINUOUS)
        client.ask(incremental=False)
        await client.update()
        client.writer.write(struct.pack(">BBHHHH", 150, 1, 0, 0, 1024, 768))
        client.acknowledges = False
        client.key(ord("2"))
        await client.update()
        assert client.ends == 1, "that it may ask for them"
        client.writer.write(struct.pack(">BBHHHH", 150, 0, 0, 0, 1024, 768))
        for key in "1212":
            client.key(ord(key))
            client.ask()
            await client.update()
        assert client.ends == 2
        await client.close()

    run(tmp_path, deed)


def test_a_viewer_that_draws_the_pointer_is_given_one_in_its_own_colours(tmp_path):
    async def deed(server: Server) -> None:
        client = await Client.open(server.address, "unit-7")
        client.encodings(ZLIB, CURSOR)
        client.ask(incremental=False)
        await client.update()
        assert client.cursor is not None
        assert client.cursor.getpixel((0, 0))[3] == 0, "beside the arrow the picture is seen"
        assert client.cursor.getpixel((1, 1)) == (0, 0, 0, 255)
        assert client.cursor.getpixel((3, 8)) == (255, 255, 255, 255)
        client.cursor = None
        client.key(ord("2"))
        client.ask()
        await client.update()
        assert client.cursor is None, "once is enough"
        await client.close()

    run(tmp_path, deed)


def test_a_request_for_an_empty_area_is_no_picture(tmp_path):
    async def deed(server: Server) -> None:
        client = await Client.open(server.address, "unit-7")
        client.encodings(ZLIB)
        for area in ((5, 5, 0, 9), (1024, 768, 10, 10), (65535, 65535, 65535, 65535)):
            client.writer.write(struct.pack(">BBHHHH", 3, 0, *area))
        client.key(ord("b"))
        await client.update()
        assert client.picture.getbbox() is not None
        await client.close()

    run(tmp_path, deed)


def test_a_fence_of_the_viewer_comes_back(tmp_path):
    async def deed(server: Server) -> None:
        client = await Client.open(server.address, "unit-7")
        client.writer.write(struct.pack(">BxxxIB", 248, 1 << 31 | 1, 3) + b"abc")
        assert await client.read(">BxxxIB") == (248, 1, 3)
        assert await client.reader.readexactly(3) == b"abc"
        await client.close()

    run(tmp_path, deed)


def test_rooms_know_nothing_of_each_other(tmp_path):
    async def deed(server: Server) -> None:
        mine, other = [await Client.open(server.address, name) for name in ("unit-7", "check-abc")]
        mine.key(ord("d"))
        await until(lambda: server.rooms["unit-7"].instrument.crystal.name == "Calcite")
        assert server.rooms["check-abc"].instrument.crystal.name == "Halite"
        await mine.close()
        await other.close()
        await until(lambda: "check-abc" not in server.rooms)
        again = await Client.open(server.address, "unit-7")
        assert again.name == "Practice diffractometer - Calcite", "a unit's instrument outlives its viewers"
        await again.close()

    run(tmp_path, deed)


def test_the_portals_own_client_comes_in(tmp_path):
    async def deed(server: Server) -> None:
        line = await open_desktop(Practice(server.address, "unit-12"), allowed=[])
        assert (line.init.width, line.init.height) == (1024, 768)
        assert "unit-12" in server.rooms
        await line.close()

    run(tmp_path, deed)


def test_the_relays_filters_let_all_of_it_through(tmp_path):
    """What a page asks for reaches the instrument, and all that the instrument then says reaches the page."""

    async def deed(server: Server) -> None:
        line = await open_desktop(Practice(server.address, "unit-12"), allowed=[])
        browser = ClientFilter(line.init)
        instrument = ServerFilter(browser)

        async def carry(message: bytes) -> None:
            line.writer.write(browser.feed(message, may_control=True, clipboard=Clipboard.BOTH))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.3):
                    while data := await line.reader.read(65536):
                        carried.append(data)
                        passed.append(instrument.feed(data, may_control=True, clipboard=Clipboard.BOTH))

        carried: list[bytes] = []
        passed: list[bytes] = []
        wanted = (
            1,
            7,
            16,
            5,
            2,
            ZLIB,
            RAW,
            -26,
            -254,
            -223,
            -224,
            CURSOR,
            -258,
            -308,
            DESKTOP_NAME,
            FENCES,
            CONTINUOUS,
            -316,
        )
        await carry(struct.pack(f">BxH{len(wanted)}i", 2, len(wanted), *wanted))
        await carry(struct.pack(">BBHHHH", 3, 0, 0, 0, 1024, 768))
        await carry(struct.pack(">BBHHHH", 150, 1, 0, 0, 1024, 768))
        for letter in b"5 ":
            await carry(struct.pack(">BBxxI", 4, 1, letter))
        async with asyncio.timeout(90):
            while server.rooms["unit-12"].instrument.run is None or instrument.updates <= 2:
                await carry(b"")
        assert b"".join(passed) == b"".join(carried)
        assert instrument.kept == 0
        await line.close()

    run(tmp_path, deed)


@pytest.mark.parametrize(
    "greeting",
    [
        b"",
        b"ID:unit-7",
        b"GET / HTTP/1.1\r\n\r\n".ljust(250, b"x"),
        b"ID:".ljust(250, b"\0"),
        b"ID:unit-".ljust(250, b"\0"),
        b"ID:unit-1234567890123456789".ljust(250, b"\0"),
        b"ID:../../etc/passwd".ljust(250, b"\0"),
        b"ID:check-" + b"a" * 241,
        b"ID:unit-\xff\xfe".ljust(250, b"\0"),
    ],
)
def test_who_names_no_room_is_sent_away(tmp_path, greeting):
    async def deed(server: Server) -> None:
        client = await Client.dial(server.address)
        client.writer.write(greeting)
        client.writer.write_eof()
        assert await client.reader.read() == b""
        assert not server.rooms
        await client.close()

    run(tmp_path, deed)


BAD_MESSAGES = {
    "unknown": b"\xfa\0\0\0",
    "a thousand encodings too many": struct.pack(">BxH", 2, 60_000),
    "colour map": b"\0\0\0\0" + struct.pack(">BBBBHHHBBB3x", 8, 8, 0, 0, 7, 7, 3, 0, 3, 6),
    "no such pixel": b"\0\0\0\0" + struct.pack(">BBBBHHHBBB3x", 24, 24, 0, 1, 255, 255, 255, 16, 8, 0),
    "shifted out": b"\0\0\0\0" + struct.pack(">BBBBHHHBBB3x", 32, 24, 0, 1, 255, 255, 255, 255, 8, 0),
    "long text": struct.pack(">BxxxI", 6, MOST_TEXT + 1),
    "negative text": struct.pack(">Bxxxi", 6, -(1 << 31)),
    "long fence": struct.pack(">BxxxIB", 248, 0, 65),
}


@pytest.mark.parametrize("message", BAD_MESSAGES.values(), ids=BAD_MESSAGES.keys())
def test_nonsense_ends_the_line_and_nothing_else(tmp_path, message):
    async def deed(server: Server) -> None:
        good, bad = [await Client.open(server.address, "unit-7") for _ in range(2)]
        bad.writer.write(message)
        assert await bad.reader.read() == b""
        good.ask(incremental=False)
        assert await good.update()
        for client in (good, bad):
            await client.close()

    run(tmp_path, deed)


def test_noise_never_breaks_the_server(tmp_path):
    async def deed(server: Server) -> None:
        chance = random.Random("noise")
        for number in range(60):
            client = await Client.open(server.address, "unit-7")
            client.writer.write(bytes([number % 8]) + chance.randbytes(chance.randrange(400)))
            client.writer.write_eof()
            await client.reader.read()
            await client.close()
        client = await Client.open(server.address, "unit-7")
        client.ask(incremental=False)
        assert await client.update()
        await client.close()

    run(tmp_path, deed)


def test_who_says_nothing_is_not_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(server_module, "HANDSHAKE", 0.2)

    async def deed(server: Server) -> None:
        client = await Client.dial(server.address)
        assert await client.reader.read() == b""
        await client.close()

    run(tmp_path, deed)


def test_who_never_reads_holds_nobody_up_and_little_memory(tmp_path):
    async def deed(server: Server) -> None:
        slow, quick = [await Client.open(server.address, "unit-7") for _ in range(2)]
        for _ in range(200):
            slow.ask(incremental=False)
        await asyncio.sleep(0.2)
        quick.encodings(ZLIB)
        quick.ask(incremental=False)
        await quick.update()
        for letter in "bcdeabcde":
            quick.key(ord(letter))
            quick.ask()
            await quick.update()
        room = server.rooms["unit-7"]
        waiting = [viewer.writer.transport.get_write_buffer_size() for viewer in room.viewers]
        assert max(waiting) < BUFFER + 1024 * 768 * 4 + 1000, "one picture at most"
        assert all(len(viewer.damage.boxes) <= 16 * 12 for viewer in room.viewers)
        await quick.close()
        slow.writer.transport.abort()

    run(tmp_path, deed)


def test_there_are_only_so_many_trials_at_once_and_each_goes_with_its_viewer(tmp_path):
    async def deed(server: Server) -> None:
        clients = [await Client.open(server.address, f"check-{number}") for number in range(MOST_CHECKS)]
        with pytest.raises(Refused, match="in use"):
            await Client.open(server.address, "check-more")
        unit = await Client.open(server.address, "unit-1")  # trials take no place from sessions
        await clients.pop().close()
        await until(lambda: len(server.rooms) == MOST_CHECKS)
        clients += [unit, await Client.open(server.address, "check-more")]
        for client in clients:
            await client.close()
        await until(lambda: list(server.rooms) == ["unit-1"])

    run(tmp_path, deed)


def test_units_nobody_looks_at_make_way(tmp_path):
    async def deed(server: Server) -> None:
        for number in range(MOST_UNITS + 3):
            client = await Client.open(server.address, f"unit-{number}")
            await client.close()
            await until(lambda number=number: not server.rooms[f"unit-{number}"].viewers)
        assert len(server.rooms) == MOST_UNITS
        assert "unit-0" not in server.rooms

    run(tmp_path, deed)


def test_only_a_units_run_is_told_and_a_fault_in_telling_is_logged(tmp_path, caplog):
    told, before = [], datetime.now(UTC)

    def finished(unit: int, files: list[tuple[str, bytes]], began: datetime) -> None:
        told.append((unit, [name for name, _content in files]))
        assert before <= began <= datetime.now(UTC)
        raise RuntimeError("no database")

    async def deed(server: Server) -> None:
        for name in ("check-a", "unit-31"):
            client = await Client.open(server.address, name)
            instrument = server.rooms[name].instrument
            instrument.choose(degrees=30, width=2.0)
            instrument.start()
            for _ in range(40):
                instrument.advance(0.2)
            assert instrument.result is not None
            await client.close()
        await until(lambda: bool(told) and not server.telling)

    run(tmp_path, deed, finished=finished)
    assert [unit for unit, _names in told] == [31]
    assert [name.split(".")[-1] for name in told[0][1]] == ["hkl", "cif", "txt"]
    assert "were not taken" in caplog.text


def test_a_socket_left_behind_is_taken_and_a_served_one_is_not(tmp_path):
    path = tmp_path / "rfb.sock"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))

    async def deed(server: Server) -> None:
        client = await Client.open(server.address, "unit-7")
        with pytest.raises(OSError, match="another practice instrument"):
            await Server(server.address).start()
        await client.close()

    run(tmp_path, deed)


def test_it_listens_on_a_port_too():
    async def deed() -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        server = Server(f"127.0.0.1:{port}")
        await server.start()
        client = await Client.open(server.address, "unit-7")
        await client.close()
        await server.stop()

    asyncio.run(deed())


@pytest.mark.parametrize("address", ["", "here", "host:", ":5900", "host:70000", "host:port"])
def test_an_address_that_is_none_is_told(address):
    with pytest.raises(ValueError, match="PRACTICE_ADDRESS"):
        parse_address(address)


@pytest.mark.parametrize(
    ("bits", "is_big", "mosts", "shifts", "pixel"),
    [
        (32, 0, (255, 255, 255), (16, 8, 0), "030201"),
        (32, 0, (255, 255, 255), (0, 8, 16), "010203"),
        (32, 1, (255, 255, 255), (16, 8, 0), "00010203"),
        (16, 0, (31, 63, 31), (11, 5, 0), "0000"),
        (8, 0, (7, 7, 3), (0, 3, 6), "00"),
    ],
)
def test_pixels_come_in_the_layout_asked_for(bits, is_big, mosts, shifts, pixel):
    layout = PixelFormat.read(struct.pack(">BBBBHHHBBB3x", bits, 24, is_big, 1, *mosts, *shifts))
    packed = Packer(layout).pack(Image.new("RGB", (5, 2), (1, 2, 3)))
    assert len(packed) == 10 * bits // 8
    assert packed.hex().startswith(pixel)
    white = Packer(layout).pack(Image.new("RGB", (1, 1), (255, 255, 255)))
    value = int.from_bytes(white, "big" if is_big else "little")
    assert all(value >> shift & most == most for most, shift in zip(mosts, shifts, strict=True))
    assert layout.write()[4:13] == struct.pack(">HHHBBB", *mosts, *shifts)


def test_a_layout_that_overlaps_its_pixel_is_refused():
    with pytest.raises(BadFormat):
        PixelFormat.read(struct.pack(">BBBBHHHBBB3x", 16, 16, 0, 1, 255, 255, 255, 16, 8, 0))


def test_damage_stays_in_bounds_and_covers_what_changed():
    damage = Damage()
    for box in ((0, 0, 1024, 768), (10, 10, 20, 20), (60, 60, 70, 70)):
        damage.add(box)
    assert len(damage.boxes) == 16 * 12
    assert damage.take() == [(0, 0, 1024, 768)]
    assert not damage
    assert list(tiles((5, 5, 5, 9))) == []
    before, after = Image.new("RGB", (200, 100)), Image.new("RGB", (200, 100))
    after.putpixel((70, 5), (1, 0, 0))
    assert list(differences(before, after, (10, 20))) == [(80, 25, 81, 26)]
    assert list(differences(before, before, (10, 20))) == []
