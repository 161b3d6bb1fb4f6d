"""What an instrument may send to a browser: pictures as they are, texts by the policy, nothing unheard of."""

import struct

import pytest

from bookings.desktop.messages import ClientFilter
from bookings.desktop.picture import ServerFilter
from bookings.desktop.rfb import PixelFormat, ProtocolError, ServerInit, Side
from instruments.enums import Clipboard
from tests.support import rfb_messages as say

TEXT = say.cut_text(b"P4 2(1) 2(1) 2, a = 7.1 A", from_browser=False)
LONG = bytes(range(256)) * 80  # bytes of a packed picture, more than two bytes of a length can tell


def filters(layout: bytes = say.pixels()) -> ServerFilter:
    return ServerFilter(ClientFilter(ServerInit(800, 600, PixelFormat(layout))))


def feed(data: bytes, *, layout: bytes = say.pixels(), may_control: bool = True, clipboard=Clipboard.NONE) -> bytes:
    return filters(layout).feed(data, may_control=may_control, clipboard=clipboard)


def fault_of(data: bytes) -> ProtocolError:
    with pytest.raises(ProtocolError) as error:
        feed(data)
    assert error.value.side == Side.INSTRUMENT
    return error.value


# Encoding, width, height, body; each in 32 bits a pixel, 24 of them colour.
RECTANGLES = {
    "raw": (0, 5, 3, bytes(60)),
    "raw of no size": (0, 0, 7, b""),
    "copy": (1, 5, 3, bytes(4)),
    "rre": (2, 5, 3, struct.pack(">I", 2) + bytes(4 + 2 * 12)),
    "rre of one colour": (2, 5, 3, struct.pack(">I", 0) + bytes(4)),
    "zlib": (6, 5, 3, say.counted(LONG)),
    "zrle": (16, 5, 3, say.counted(b"\x03" * 11)),
    "zrle of nothing": (16, 5, 3, say.counted(b"")),
    "h264": (50, 5, 3, struct.pack(">II", 9, 1) + bytes(9)),
    "tight, one colour": (7, 5, 3, b"\x80\x03\x03\x03"),
    "tight, jpeg": (7, 5, 3, b"\x90" + say.compact(LONG)),
    "tight, jpeg of one byte's length": (7, 5, 3, b"\x90" + say.compact(b"\x03" * 127)),
    "tight, jpeg of two bytes' length": (7, 5, 3, b"\x90" + say.compact(b"\x03" * 128)),
    "tight, jpeg at the edge of two bytes": (7, 5, 3, b"\x90" + say.compact(b"\x03" * 16383)),
    "tight, jpeg at the edge of three bytes": (7, 5, 3, b"\x90" + say.compact(b"\x03" * 16384)),
    "tight, png": (-260, 5, 3, b"\xa0" + say.compact(LONG)),
    "tight, packed": (7, 5, 3, b"\x00" + say.compact(b"\x03" * 20)),
    "tight, packed with streams begun anew": (7, 5, 3, b"\x3f" + say.compact(b"\x03" * 20)),
    "tight, too short to pack": (7, 1, 3, b"\x00" + b"\x03" * 9),
    "tight, twelve bytes are packed": (7, 4, 1, b"\x00" + say.compact(b"\x03" * 8)),
    "tight, copy filter": (7, 1, 3, b"\x40\x00" + b"\x03" * 9),
    "tight, gradient filter": (7, 5, 3, b"\x70\x02" + say.compact(b"\x03" * 30)),
    "tight, two colours in bits": (7, 9, 5, b"\x40\x01\x01" + b"\x03" * 6 + b"\x03" * 10),
    "tight, two colours in packed bits": (7, 9, 6, b"\x40\x01\x01" + b"\x03" * 6 + say.compact(b"\x03" * 7)),
    "tight, three colours": (7, 2, 3, b"\x50\x01\x02" + b"\x03" * 9 + b"\x03" * 6),
    "tight, 256 colours": (7, 50, 30, b"\x60\x01\xff" + b"\x03" * 768 + say.compact(LONG)),
    "cursor": (-239, 9, 2, bytes(9 * 2 * 4 + 2 * 2)),
    "cursor of VMware with masks": (0x574D5664, 3, 2, b"\0\0" + bytes(48)),
    "cursor of VMware with alpha": (0x574D5664, 3, 2, b"\1\0" + bytes(24)),
    "size": (-223, 1024, 768, b""),
    "size with screens": (-308, 1024, 768, b"\2\0\0\0" + bytes(32)),
    "keys of QEMU": (-258, 0, 0, b""),
    "lights of the keyboard": (-261, 0, 0, b"\3"),
}
OTHERS = {
    "colours": struct.pack(">BxHH", 1, 0, 3) + bytes(18),
    "bell": b"\2",
    "end of continuous updates": b"\x96",
    "fence": say.fence(b"when?"),
    "nothing new": say.update(),
}


@pytest.mark.parametrize("parts", RECTANGLES.values(), ids=RECTANGLES.keys())
def test_a_picture_passes_and_a_text_after_it_is_found(parts: tuple[int, int, int, bytes]) -> None:
    """Twice: had its end been missed, the text would pass as part of a picture, or the second one would not parse."""
    picture = say.update(say.rectangle(*parts), say.rectangle(*RECTANGLES["copy"]))
    assert feed(picture + TEXT + picture + TEXT) == picture * 2


@pytest.mark.parametrize("message", OTHERS.values(), ids=OTHERS.keys())
def test_other_messages_pass_and_a_text_after_them_is_found(message: bytes) -> None:
    assert feed(message + TEXT + message) == message * 2


def test_in_whatever_pieces_it_comes() -> None:
    pictures = [say.update(say.rectangle(*parts), say.rectangle(*parts)) for parts in RECTANGLES.values()]
    data = TEXT.join([*pictures, *OTHERS.values(), b""])
    expected = b"".join([*pictures, *OTHERS.values()])
    for step in (1, 2, 3, 7, 64, 1000, len(data)):
        filtered = filters()
        passed = b"".join(
            filtered.feed(data[at : at + step], may_control=True, clipboard=Clipboard.NONE)
            for at in range(0, len(data), step)
        )
        assert passed == expected
        assert (filtered.kept, filtered.left_out) == (0, len(pictures) + len(OTHERS))
        assert filtered.updates == len(pictures) + 1


@pytest.mark.parametrize(
    ("layout", "raw", "tight"),
    [
        (say.pixels(8, 8, 7, (0, 3, 6)), 1, 1),
        (say.pixels(16, 16, 31, (11, 5, 0)), 2, 2),
        (say.pixels(32, 32), 4, 4),
        (say.pixels(), 4, 3),
    ],
)
def test_pixels_count_as_the_browser_chose_them(layout: bytes, raw: int, tight: int) -> None:
    picture = say.update(
        say.rectangle(0, 5, 3, bytes(15 * raw)),
        say.rectangle(2, 5, 3, struct.pack(">I", 1) + bytes(raw + raw + 8)),
        say.rectangle(7, 5, 3, b"\x80" + bytes(tight)),
        say.rectangle(7, 2, 1, b"\x00" + bytes(2 * tight)),
        say.rectangle(7, 9, 5, b"\x40\x01\x01" + bytes(2 * tight) + bytes(10)),
        say.rectangle(-239, 9, 2, bytes(18 * raw + 4)),
    )
    client = ClientFilter(ServerInit(800, 600, PixelFormat(say.pixels())))
    client.feed(say.set_pixels(layout) + say.ask_update(), may_control=False, clipboard=Clipboard.NONE)
    filtered = ServerFilter(client)
    assert filtered.feed(picture + TEXT + picture, may_control=True, clipboard=Clipboard.NONE) == picture * 2


def test_an_update_that_ends_by_its_last_rectangle() -> None:
    last = say.rectangle(-224, 0, 0)
    endless = say.update(*[say.rectangle(*RECTANGLES["zrle"])] * 3, last, count=0xFFFF)
    early = say.update(say.rectangle(*RECTANGLES["copy"]), last, count=40)
    assert feed(endless + TEXT + early + TEXT) == endless + early


# --- Texts


ALLOWED_IN = {Clipboard.FROM_INSTRUMENT, Clipboard.BOTH}
ALLOWED_OUT = {Clipboard.TO_INSTRUMENT, Clipboard.BOTH}


@pytest.mark.parametrize("clipboard", Clipboard)
@pytest.mark.parametrize("may_control", [True, False])
@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        (TEXT, ALLOWED_IN),
        (say.cut_text(b"", from_browser=False), ALLOWED_IN),
        (say.extended_text(say.NOTIFY | 1, from_browser=False), ALLOWED_IN),
        (say.extended_text(say.PROVIDE | 1, b"zipped", from_browser=False), ALLOWED_IN),
        (say.extended_text(say.REQUEST | 1, from_browser=False), ALLOWED_OUT),
        (say.extended_text(say.PEEK, from_browser=False), ALLOWED_OUT),
        (say.extended_text(0, from_browser=False), set()),
        (say.extended_text(say.PEEK | say.PROVIDE | 1, b"zipped", from_browser=False), set()),
    ],
)
def test_texts_by_the_policy(text: bytes, allowed: set, clipboard: Clipboard, may_control: bool) -> None:
    """Who only watches gets none: what lies on the instrument's clipboard belongs to who works there."""
    passed = feed(b"\2" + text + b"\x96", may_control=may_control, clipboard=clipboard)
    assert passed == b"\2" + (text if may_control and clipboard in allowed else b"") + b"\x96"


@pytest.mark.parametrize("clipboard", Clipboard)
def test_abilities_carry_no_text_and_pass_where_any_may(clipboard: Clipboard) -> None:
    abilities = say.extended_text(say.CAPS | say.NOTIFY | 1, bytes(4), from_browser=False)
    passed = feed(abilities, may_control=False, clipboard=clipboard)
    assert passed == (b"" if clipboard == Clipboard.NONE else abilities)


def test_a_long_text_is_left_out_without_keeping_it() -> None:
    filtered = filters()
    options = {"may_control": True, "clipboard": Clipboard.BOTH}
    for piece in [struct.pack(">BxxxI", 3, 64 * 2**16), *[bytes(2**16)] * 64]:
        assert filtered.feed(piece, **options) == b""
        assert filtered.kept == 0
    assert filtered.feed(b"\2", **options) == b"\2"


@pytest.mark.parametrize("length", [2**26 + 1, 2**31 - 1, -1, -3, -(2**31)])
def test_texts_of_impossible_length(length: int) -> None:
    fault_of(struct.pack(">Bxxxi", 3, length) + bytes(4))


# --- What cannot be followed


@pytest.mark.parametrize("kind", sorted(set(range(256)) - {0, 1, 2, 3, 150, 248}))
def test_every_other_message_ends_the_line(kind: int) -> None:
    fault_of(bytes([kind]))


@pytest.mark.parametrize("code", [3, 4, 5, 8, 15, 21, -307, -309, -314, -316, -312, -313, 99, 2**31 - 1, -(2**31)])
def test_a_rectangle_in_an_encoding_that_was_not_agreed_on(code: int) -> None:
    fault_of(say.update(say.rectangle(code, 5, 3, bytes(100))))


def test_rectangles_that_cannot_be() -> None:
    fault_of(say.update(say.rectangle(0, 16385, 1)))
    fault_of(say.update(say.rectangle(0, 1, 65535)))
    for code in (6, 16, 50):
        fault_of(say.update(say.rectangle(code, 5, 3, struct.pack(">I", 2**27 + 1))))
    for control in (0xB0, 0xC0, 0xD0, 0xE0, 0xF0):
        fault_of(say.update(say.rectangle(7, 5, 3, bytes([control, 0]))))
    fault_of(say.update(say.rectangle(7, 5, 3, b"\x40\x03")))
    fault_of(say.update(say.rectangle(0x574D5664, 5, 3, b"\2\0")))


def test_no_more_than_one_head_is_kept() -> None:
    filtered = filters()
    picture = say.update(say.rectangle(*RECTANGLES["tight, 256 colours"]))
    for byte in picture:
        filtered.feed(bytes([byte]), may_control=True, clipboard=Clipboard.NONE)
        assert filtered.kept < 800
