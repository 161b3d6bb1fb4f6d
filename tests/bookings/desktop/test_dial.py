"""Dialling a VNC server: a good one, and all kinds of bad ones; hosts inside the allowed networks and outside."""

import asyncio
import ipaddress
import struct
import threading
import time

import pytest

from bookings.desktop import vncauth
from bookings.desktop.dial import Carried, DesktopError, Direct, Line, Patience, Practice, networks, open_desktop
from instruments.enums import DesktopTrouble
from tests.support.environment import free_port
from tests.support.rfb_servers import CHALLENGE, INIT, PIXELS, VERSION, WITH_PASSWORD, WITHOUT_PASSWORD, Scripted

LOOPBACK = networks(["127.0.0.0/8", "::1"])
LONG = Patience(resolve=60, connect=60, step=60, whole=240)  # for those who answer, however busy the machine is
SHORT = Patience(resolve=60, connect=60, step=0.3, whole=240)  # for those who say nothing more
REASON = struct.pack(">I", 6) + b"not\nyou"


def dial(target, *, allowed=LOOPBACK, patience=LONG, **options) -> Line:
    """Open and close; the line tells what was there."""

    async def once() -> Line:
        line = await open_desktop(target, allowed=allowed, patience=patience, **options)
        await line.close()
        return line

    return asyncio.run(once())


def trouble(target, **options) -> DesktopTrouble:
    with pytest.raises(DesktopError) as error:
        dial(target, **options)
    return error.value.code


def at(server: Scripted, password: str = "secret12") -> Direct:
    return Direct("127.0.0.1", server.port, password)


# --- Good servers


def test_a_server_with_a_password() -> None:
    with Scripted(*WITH_PASSWORD) as server:
        line = dial(at(server))
    assert (line.init.width, line.init.height, line.init.name) == (800, 600, "name")
    assert server.heard == VERSION + b"\x02" + vncauth.response("secret12", CHALLENGE) + b"\x01"


def test_a_server_without_a_password_is_taken_as_it_is() -> None:
    with Scripted(*WITHOUT_PASSWORD) as server:
        dial(at(server, ""))
        dial(at(server, "kept all the same"))
    assert server.heard == (VERSION + b"\x01\x01") * 2


def test_version_3_7_says_no_result_where_there_is_no_security() -> None:
    with Scripted(b"RFB 003.007\n", 12, b"\x02\x10\x01", 1, 1, INIT) as server:
        assert dial(at(server)).init.name == "name"
    assert server.heard == b"RFB 003.007\n\x01\x01"


def test_version_3_7_says_whether_the_password_was_right() -> None:
    with Scripted(b"RFB 003.007\n", 12, b"\x01\x02", 1, CHALLENGE, 16, bytes(4), 1, INIT) as server:
        assert dial(at(server)).init.name == "name"


@pytest.mark.parametrize("version", [b"RFB 003.889\n", b"RFB 004.001\n", b"RFB 005.000\n"])
def test_newer_versions_are_answered_with_3_8(version: bytes) -> None:
    with Scripted(version, *WITHOUT_PASSWORD[1:]) as server:
        dial(at(server))
    assert server.heard.startswith(VERSION)


def test_the_line_is_open_for_what_follows() -> None:
    async def talk() -> bytes:
        line = await open_desktop(at(server), allowed=LOOPBACK, patience=LONG)
        try:
            return await line.reader.readexactly(1)
        finally:
            await line.close()

    with Scripted(*WITH_PASSWORD, b"\x02") as server:
        assert asyncio.run(talk()) == b"\x02"


# --- The practice instrument, and what a connector carries


def test_a_room_of_the_practice_instrument() -> None:
    with Scripted(b"RFB 000.000\n", 250, *WITHOUT_PASSWORD) as server:
        line = dial(Practice(f"127.0.0.1:{server.port}", "unit-7"), allowed=[])
    assert line.init.name == "name"
    assert server.heard[:250] == b"ID:unit-7" + bytes(241)


def test_a_room_is_asked_of_nothing_else_than_the_practice_instrument() -> None:
    with Scripted(*WITHOUT_PASSWORD) as server:
        assert trouble(Practice(f"127.0.0.1:{server.port}", "unit-7")) == DesktopTrouble.NOT_VNC
    assert server.heard == b""


def test_no_practice_instrument(tmp_path) -> None:
    assert trouble(Practice(f"unix:{tmp_path}/rfb.sock", "unit-7")) == DesktopTrouble.UNREACHABLE
    assert trouble(Practice(f"127.0.0.1:{free_port()}", "unit-7")) == DesktopTrouble.UNREACHABLE


def test_what_a_connector_carries_is_greeted_in_the_same_way() -> None:
    async def carried():
        return await asyncio.open_connection("127.0.0.1", server.port)

    with Scripted(*WITH_PASSWORD) as server:
        assert dial(Carried(carried, "secret12"), allowed=[]).init.name == "name"


def test_what_a_connector_cannot_carry() -> None:
    async def nothing():
        raise DesktopError(DesktopTrouble.NO_CONNECTOR)

    assert trouble(Carried(nothing)) == DesktopTrouble.NO_CONNECTOR


# --- Servers that hang, hang up, or talk nonsense


@pytest.mark.parametrize("steps", range(len(WITH_PASSWORD)))
def test_a_server_that_hangs_at_each_step(steps: int) -> None:
    begun = time.monotonic()
    with Scripted(*WITH_PASSWORD[:steps]) as server:
        assert trouble(at(server), patience=SHORT) == DesktopTrouble.SILENT
        assert server.left_by_all()
    assert time.monotonic() - begun < SHORT.whole


@pytest.mark.parametrize("said", [step for step in range(len(WITH_PASSWORD)) if isinstance(WITH_PASSWORD[step], bytes)])
def test_a_server_that_is_cut_short_in_each_thing_it_says(said: int) -> None:
    with Scripted(*WITH_PASSWORD[:said], WITH_PASSWORD[said][:-1]) as server:
        assert trouble(at(server), patience=SHORT) == DesktopTrouble.SILENT


@pytest.mark.parametrize("steps", range(len(WITH_PASSWORD)))
def test_a_server_that_hangs_up_at_each_step(steps: int) -> None:
    with Scripted(*WITH_PASSWORD[:steps], hangs_up=True) as server:
        assert trouble(at(server)) == DesktopTrouble.REFUSED


def test_a_server_that_drips() -> None:
    """Byte by byte, each in time: all of it has its seconds too."""

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(VERSION)
        try:
            for byte in b"\xff" + bytes(range(255)):
                writer.write(bytes([byte]))
                await asyncio.sleep(0.05)
        finally:
            writer.close()

    async def once() -> None:
        server = await asyncio.start_server(drip, "127.0.0.1", 0)
        async with server:
            target = Direct("127.0.0.1", server.sockets[0].getsockname()[1])
            with pytest.raises(DesktopError) as error:
                await open_desktop(target, allowed=LOOPBACK, patience=Patience(step=60, whole=0.5))
            assert error.value.code == DesktopTrouble.SILENT

    asyncio.run(once())


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 400 Bad Request\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"RFB 002.009\n",
        b"RFB 000.000\n",
        b"RFB 003.008 ",
        "RFB ٠٠٣.٠".encode()[:12],
        bytes(12),
        b"\xff" * 12,
    ],
)
def test_what_is_no_vnc_server_of_today(said: bytes) -> None:
    with Scripted(said) as server:
        assert trouble(at(server)) == DesktopTrouble.NOT_VNC
    assert server.heard == b""


@pytest.mark.parametrize("kind", [1, 2])
def test_a_server_of_version_3_3(kind: int) -> None:
    with Scripted(b"RFB 003.003\n", 12, struct.pack(">I", kind)) as server:
        assert trouble(at(server)) == DesktopTrouble.NOT_VNC


def test_a_server_that_refuses_in_the_words_of_3_3() -> None:
    with Scripted(b"RFB 003.003\n", struct.pack(">I", 0) + REASON) as server:
        assert trouble(at(server)) == DesktopTrouble.REFUSED


def test_a_few_bytes_and_an_end_are_no_vnc_server() -> None:
    with Scripted(b"220 ready", hangs_up=True) as server:
        assert trouble(at(server)) == DesktopTrouble.NOT_VNC


# --- Security


def test_a_wrong_password() -> None:
    with Scripted(*WITH_PASSWORD[:6], b"\0\0\0\1" + REASON) as server, pytest.raises(DesktopError) as error:
        dial(at(server))
    assert "not yo" in str(error.value)
    assert error.value.code == DesktopTrouble.PASSWORD


def test_a_wrong_password_for_a_3_7_server_which_gives_no_reason() -> None:
    with Scripted(b"RFB 003.007\n", 12, b"\x01\x02", 1, CHALLENGE, 16, b"\0\0\0\1", hangs_up=True) as server:
        assert trouble(at(server)) == DesktopTrouble.PASSWORD


def test_too_many_wrong_passwords() -> None:
    with Scripted(*WITH_PASSWORD[:6], b"\0\0\0\2" + REASON) as server:
        assert trouble(at(server)) == DesktopTrouble.REFUSED


def test_a_password_is_asked_for_and_none_is_kept() -> None:
    with Scripted(*WITH_PASSWORD) as server:
        assert trouble(at(server, "")) == DesktopTrouble.PASSWORD
    assert server.heard == VERSION


@pytest.mark.parametrize("types", [[5, 6], [18, 19], [16], [30, 35, 36]])
def test_no_way_to_sign_in_that_is_spoken_here(types: list[int]) -> None:
    with Scripted(VERSION, 12, bytes([len(types), *types])) as server:
        assert trouble(at(server)) == DesktopTrouble.SECURITY


def test_a_server_that_wants_nobody() -> None:
    with Scripted(VERSION, 12, b"\0" + REASON) as server:
        assert trouble(at(server)) == DesktopTrouble.REFUSED


@pytest.mark.parametrize("length", [0, 2**20, 2**32 - 1])
@pytest.mark.parametrize("sent", [0, 2**20])
def test_a_reason_of_any_length_is_read_in_part(length: int, sent: int) -> None:
    refusal = b"\0" + struct.pack(">I", length) + b"x" * sent
    with Scripted(VERSION, 12, refusal) as server, pytest.raises(DesktopError) as error:
        dial(at(server), patience=Patience(step=3))  # as long as it waits for a reason that does not come
    assert error.value.code == DesktopTrouble.REFUSED
    assert len(str(error.value)) < 300


# --- ServerInit


def _init(*, width: int = 800, height: int = 600, pixels: bytes = PIXELS, length: int = 0) -> bytes:
    return struct.pack(">HH16sI", width, height, pixels, length)


@pytest.mark.parametrize("length", [2**16 + 1, 2**31, 2**32 - 1])
def test_a_name_without_end(length: int) -> None:
    with Scripted(*WITH_PASSWORD[:-1], _init(length=length) + bytes(2**17)) as server:
        assert trouble(at(server)) == DesktopTrouble.NOT_VNC


def test_a_long_name_is_read_whole_and_kept_in_part() -> None:
    with Scripted(*WITH_PASSWORD[:-1], _init(length=2**16) + b"\x00\xffn\n" * 2**14, b"\x02") as server:
        init = dial(at(server)).init
    assert 190 < len(init.name) <= 200
    assert init.name.isprintable()


@pytest.mark.parametrize(("width", "height"), [(0, 600), (800, 0), (65535, 600), (800, 16385)])
def test_a_screen_of_no_size_or_too_much(width: int, height: int) -> None:
    with Scripted(*WITH_PASSWORD[:-1], _init(width=width, height=height)) as server:
        assert trouble(at(server)) == DesktopTrouble.NOT_VNC


@pytest.mark.parametrize("bits", [0, 1, 24, 64, 255])
def test_pixels_of_unheard_of_size(bits: int) -> None:
    with Scripted(*WITH_PASSWORD[:-1], _init(pixels=bytes([bits]) + PIXELS[1:])) as server:
        assert trouble(at(server)) == DesktopTrouble.NOT_VNC


# --- Where the host is


def _addresses(*texts: str):
    return [ipaddress.ip_address(text) for text in texts]


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("127.0.0.1", []),
        ("127.0.0.1", ["10.0.0.0/8"]),
        ("127.0.0.1", ["127.0.0.2/32", "::1"]),
        ("::1", ["127.0.0.0/8"]),
    ],
)
def test_an_address_outside_the_allowed_networks_is_not_dialled(host: str, allowed: list[str]) -> None:
    with Scripted(*WITH_PASSWORD) as server:
        target = Direct(host, server.port, "secret12")
        assert trouble(target, allowed=networks(allowed)) == DesktopTrouble.FORBIDDEN
        assert server.callers == 0


def test_an_ipv4_address_in_the_clothes_of_ipv6_is_what_it_is() -> None:
    clothed = lambda _host: _addresses("::ffff:127.0.0.1")  # noqa: E731
    with Scripted(*WITH_PASSWORD) as server:
        target = Direct("lab.example.org", server.port, "secret12")
        assert trouble(target, resolve=clothed, allowed=networks(["::ffff:0:0/96"])) == DesktopTrouble.FORBIDDEN
        assert dial(target, resolve=clothed).init.name == "name"


def test_a_name_that_resolves_outside_the_allowed_networks() -> None:
    with Scripted(*WITH_PASSWORD) as server:
        target = Direct("lab.example.org", server.port, "secret12")
        found = trouble(target, allowed=networks(["10.0.0.0/8"]), resolve=lambda _host: _addresses("127.0.0.1"))
        assert server.callers == 0
    assert found == DesktopTrouble.FORBIDDEN


def test_of_several_addresses_only_those_inside_are_dialled() -> None:
    with Scripted(*WITH_PASSWORD) as server:
        target = Direct("lab.example.org", server.port, "secret12")
        where = lambda _host: _addresses("192.0.2.1", "2001:db8::1", "127.0.0.1")  # noqa: E731
        assert dial(target, resolve=where).init.name == "name"


def test_a_name_is_asked_for_once_and_that_very_address_is_dialled() -> None:
    """A name that answers differently the second time (rebinding) finds nobody who asks a second time."""
    asked = []

    def rebinding(host: str):
        asked.append(host)
        return _addresses("127.0.0.1") if len(asked) == 1 else _addresses("192.0.2.1")

    with Scripted(*WITH_PASSWORD) as server:
        assert dial(Direct("lab.example.org", server.port, "secret12"), resolve=rebinding).init.name == "name"
    assert asked == ["lab.example.org"]


def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    with Scripted(*WITH_PASSWORD) as server:
        target = Direct("lab.example.org", server.port, "secret12")
        assert dial(target, resolve=lambda _host: _addresses("127.0.0.3", "127.0.0.1")).init.name == "name"


def test_a_name_that_leads_nowhere() -> None:
    def unknown(_host: str):
        raise OSError("no such name")

    assert trouble(Direct("lab.example.org", 5900), resolve=unknown) == DesktopTrouble.NO_ADDRESS


def test_a_name_that_cannot_be_one() -> None:
    assert trouble(Direct("lab..example", 5900), resolve=lambda host: host.encode("idna")) == DesktopTrouble.NO_ADDRESS


def test_a_name_server_that_hangs() -> None:
    answers = threading.Event()

    def slow(_host: str):
        answers.wait()
        return _addresses("127.0.0.1")

    try:
        hasty = Patience(resolve=0.3)
        assert trouble(Direct("lab.example.org", 5900), resolve=slow, patience=hasty) == DesktopTrouble.NO_ADDRESS
    finally:
        answers.set()


def test_nobody_listens() -> None:
    assert trouble(Direct("127.0.0.1", free_port())) == DesktopTrouble.UNREACHABLE


def test_localhost_by_name_and_the_systems_resolver() -> None:
    with Scripted(*WITH_PASSWORD) as server:
        assert dial(Direct("localhost", server.port, "secret12")).init.name == "name"


# --- The answer to a challenge


def test_the_password_counts_by_eight_bytes() -> None:
    assert vncauth.response("secret12", CHALLENGE) == vncauth.response("secret12 and more", CHALLENGE)
    assert vncauth.response("secret1", CHALLENGE) != vncauth.response("secret12", CHALLENGE)
    assert len(vncauth.response("é" * 20, CHALLENGE)) == 16


def test_secrets_do_not_show() -> None:
    assert "secret12" not in repr(Direct("host", 5900, "secret12"))
