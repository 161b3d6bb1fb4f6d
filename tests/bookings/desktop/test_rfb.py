"""The relay as a VNC server towards the browser, and the formats that both directions share."""

import struct

import pytest

from bookings.desktop.rfb import Greeting, PixelFormat, ProtocolError, ServerInit, Side, legible
from tests.support import rfb_messages as say

INIT = ServerInit(800, 600, PixelFormat(say.pixels()), "Diffractometer 1")
SAID = b"RFB 003.008\n\x01\x01"


def test_a_browser_is_greeted() -> None:
    greeting = Greeting(INIT)
    assert greeting.hello == (b"RFB 003.008\n", b"\x01\x01" + bytes(4) + INIT.wire())
    for said in (b"RFB 003.008\n", b"\x01", b"\x01"):
        assert not greeting.is_done
        greeting.feed(said)
    assert greeting.is_done
    assert greeting.rest == b""


@pytest.mark.parametrize("step", range(1, len(SAID) + 4))
def test_in_whatever_pieces_its_words_come(step: int) -> None:
    greeting = Greeting(INIT)
    said = SAID + b"\x03more"
    for at in range(0, len(said), step):
        greeting.feed(said[at : at + step])
    assert greeting.is_done
    assert greeting.rest == b"\x03more"


@pytest.mark.parametrize("shared", [b"\x00", b"\x01", b"\xff"])
def test_whether_it_would_share_is_not_its_choice(shared: bytes) -> None:
    greeting = Greeting(INIT)
    greeting.feed(SAID[:-1] + shared)
    assert greeting.is_done


@pytest.mark.parametrize("said", [b"RFB 003.003\n", b"RFB 003.007\n", b"GET / HTTP/1", bytes(12)])
def test_a_browser_that_speaks_something_else(said: bytes) -> None:
    with pytest.raises(ProtocolError) as error:
        Greeting(INIT).feed(said)
    assert error.value.side == Side.BROWSER


@pytest.mark.parametrize("kind", [0, 2, 16, 255])
def test_a_browser_that_chooses_what_was_not_offered(kind: int) -> None:
    with pytest.raises(ProtocolError):
        Greeting(INIT).feed(SAID[:12] + bytes([kind]))


def test_server_init_there_and_back() -> None:
    wire = INIT.wire()
    read, length = ServerInit.parse(wire[: ServerInit.FIXED])
    assert (read.width, read.height, read.pixels, length) == (800, 600, INIT.pixels, 0)


def test_the_name_of_a_desktop_reaches_no_browser() -> None:
    assert b"Diffractometer" not in INIT.wire()
    assert len(INIT.wire()) == ServerInit.FIXED


@pytest.mark.parametrize(
    ("layout", "size", "tight"),
    [
        (say.pixels(), 4, 3),
        (say.pixels(shifts=(0, 8, 16)), 4, 3),
        (say.pixels(32, 32), 4, 4),
        (say.pixels(32, 30, 1023, (20, 10, 0)), 4, 4),
        (say.pixels(16, 16, 31, (11, 5, 0)), 2, 2),
        (say.pixels(8, 8, 7, (0, 3, 6)), 1, 1),
    ],
)
def test_bytes_of_a_pixel(layout: bytes, size: int, tight: int) -> None:
    pixels = PixelFormat(layout)
    assert (pixels.size, pixels.tight_size, pixels.fault) == (size, tight, "")


def test_legible() -> None:
    assert legible(b"a\r\nb\x00\xff\xc3\xa9") == "a  b \ufffdé"
    assert legible(b"x" * 500) == "x" * 200
    assert legible(struct.pack(">I", 0)) == ""
