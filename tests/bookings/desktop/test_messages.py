"""What a browser may send to an instrument, by its part, the control it holds and the clipboard's policy."""

import struct

import pytest

from bookings.desktop.messages import ClientFilter
from bookings.desktop.rfb import PixelFormat, ProtocolError, ServerInit, Side
from instruments.enums import Clipboard
from tests.support import rfb_messages as say

INIT = ServerInit(800, 600, PixelFormat(say.pixels()))
WATCHING = {
    "pixels": say.set_pixels(say.pixels(16, 16, 31, (11, 5, 0))),
    "encodings": say.set_encodings(7, 16, 0, -239, -223),
    "update": say.ask_update(),
    "continuous": say.continuous_updates(),
    "fence": say.fence(b"when?"),
}
INPUT = {
    "key": say.key(0x61),
    "key of QEMU": say.qemu_key(0x61, 30),
    "pointer": say.pointer(10, 20, 1),
    "size": say.set_size(1024, 768),
}


def feed(data: bytes, *, may_control: bool = True, clipboard: Clipboard = Clipboard.NONE) -> bytes:
    return ClientFilter(INIT).feed(data, may_control=may_control, clipboard=clipboard)


def fault_of(data: bytes, **options) -> ProtocolError:
    with pytest.raises(ProtocolError) as error:
        feed(data, **options)
    assert error.value.side == Side.BROWSER
    return error.value


@pytest.mark.parametrize("message", WATCHING.values(), ids=WATCHING.keys())
@pytest.mark.parametrize("may_control", [True, False])
def test_what_everybody_may_send(message: bytes, may_control: bool) -> None:
    assert feed(message, may_control=may_control) == message


@pytest.mark.parametrize("message", INPUT.values(), ids=INPUT.keys())
def test_what_only_who_holds_control_may_send(message: bytes) -> None:
    filtered = ClientFilter(INIT)
    assert filtered.feed(message + message, may_control=False, clipboard=Clipboard.BOTH) == b""
    assert (filtered.passed, filtered.left_out) == (0, 2)
    assert feed(message) == message


@pytest.mark.parametrize("kind", sorted(set(range(256)) - {0, 2, 3, 4, 5, 6, 150, 248, 251, 255}))
def test_every_other_message_ends_the_line(kind: int) -> None:
    """250 among them: xvp would shut the instrument's PC down."""
    for data in (bytes([kind]), bytes([kind, 1, 0, 2]) * 30):
        fault_of(data)
        fault_of(data, may_control=False)


def test_input_is_counted_whether_it_passes_or_not() -> None:
    filtered = ClientFilter(INIT)
    said = say.key(0x61) + say.pointer(1, 1) + say.qemu_key(0x61, 30) + say.ask_update() + say.set_size(10, 10)
    filtered.feed(said, may_control=False, clipboard=Clipboard.NONE)
    assert filtered.inputs == 3


# --- Encodings


def test_encodings_that_cannot_be_followed_are_left_out() -> None:
    asked = [7, -260, 5, 21, 16, 0, 1, -32, -256, -255, -247, -239, -223, -224, -258, -259, -261, -307, -308, -309]
    asked += [-312, -313, -314, -316, 0x574D5664, 0x574D5669, 99, 2**31 - 1, -(2**31), say.EXTENDED_CLIPBOARD]
    kept = [7, -260, 16, 0, 1, -32, -255, -247, -239, -223, -224, -258, -261, -308, -312, -313, 0x574D5664]
    assert feed(say.set_encodings(*asked)) == say.set_encodings(*kept)


def test_of_no_encodings_none_are_left() -> None:
    assert feed(say.set_encodings()) == say.set_encodings()
    assert feed(say.set_encodings(-316)) == say.set_encodings()


@pytest.mark.parametrize("clipboard", Clipboard)
def test_the_extended_clipboard_is_agreed_on_where_any_text_may_pass(clipboard: Clipboard) -> None:
    passed = feed(say.set_encodings(7, say.EXTENDED_CLIPBOARD), clipboard=clipboard)
    kept = [7] if clipboard == Clipboard.NONE else [7, say.EXTENDED_CLIPBOARD]
    assert passed == say.set_encodings(*kept)


def test_too_many_encodings() -> None:
    assert feed(say.set_encodings(*[7] * 1024)) == say.set_encodings(*[7] * 1024)
    fault_of(struct.pack(">BxH", 2, 1025))
    fault_of(struct.pack(">BxH", 2, 65535))


# --- Pixels


def test_the_layout_of_pixels_stands_once_a_picture_was_asked_for() -> None:
    filtered = ClientFilter(INIT)
    small = say.pixels(8, 8, 7, (0, 3, 6))
    options = {"may_control": False, "clipboard": Clipboard.NONE}
    filtered.feed(say.set_pixels(say.pixels(16, 16, 31)) + say.set_pixels(small) + say.ask_update(), **options)
    assert filtered.pixels == PixelFormat(small)
    assert filtered.feed(say.set_pixels(small), **options) == say.set_pixels(small)
    with pytest.raises(ProtocolError, match="layout"):
        filtered.feed(say.set_pixels(say.pixels()), **options)


@pytest.mark.parametrize(
    "layout", [say.pixels(0), say.pixels(24), say.pixels(64), say.pixels(255), say.pixels(shifts=(3, 8, 16))]
)
def test_pixels_that_nobody_can_follow(layout: bytes) -> None:
    fault_of(say.set_pixels(layout))


# --- Keys and buttons that are down when control goes


def test_what_is_down_is_lifted_when_control_ends() -> None:
    filtered = ClientFilter(INIT)
    said = say.key(0xFFE3) + say.key(0x63) + say.qemu_key(0xFFE1, 42) + say.pointer(30, 40, 1)
    filtered.feed(said, may_control=True, clipboard=Clipboard.NONE)
    lifted = say.key(0xFFE3, down=False) + say.key(0x63, down=False) + say.qemu_key(0xFFE1, 42, down=False)
    lifted += say.pointer(30, 40, 0)
    assert filtered.let_go() == lifted
    assert filtered.let_go() == b""


def test_what_was_lifted_is_not_lifted_again() -> None:
    filtered = ClientFilter(INIT)
    said = say.key(0x63) + say.key(0x63, down=False) + say.pointer(1, 2, 4) + say.pointer(3, 4, 0)
    said += say.qemu_key(0x61, 30) + say.qemu_key(0x61, 30, down=False)
    assert filtered.feed(said, may_control=True, clipboard=Clipboard.NONE) == said
    assert filtered.let_go() == b""


def test_the_first_bytes_after_control_ended_lift_what_is_down() -> None:
    filtered = ClientFilter(INIT)
    filtered.feed(say.key(0x63), may_control=True, clipboard=Clipboard.NONE)
    passed = filtered.feed(say.key(0x64) + say.ask_update(), may_control=False, clipboard=Clipboard.NONE)
    assert passed == say.key(0x63, down=False) + say.ask_update()


def test_so_many_keys_cannot_be_down_at_once() -> None:
    filtered = ClientFilter(INIT)
    said = b"".join(say.key(code) for code in range(1000))
    passed = filtered.feed(said, may_control=True, clipboard=Clipboard.NONE)
    assert len(list(say.client_messages(passed))) == len(list(say.client_messages(filtered.let_go()))) == 64


def test_a_key_that_repeats_passes_however_many_are_down() -> None:
    filtered = ClientFilter(INIT)
    said = b"".join(say.key(code) for code in range(64)) + say.key(63) * 3
    assert filtered.feed(said, may_control=True, clipboard=Clipboard.NONE) == said


def test_the_eighth_button_bit_would_make_a_longer_message() -> None:
    assert feed(say.pointer(1, 2, 0xFF)) == say.pointer(1, 2, 0x7F)


# --- Texts


ALLOWED_OUT = {Clipboard.TO_INSTRUMENT, Clipboard.BOTH}
ALLOWED_IN = {Clipboard.FROM_INSTRUMENT, Clipboard.BOTH}


@pytest.mark.parametrize("clipboard", Clipboard)
@pytest.mark.parametrize("may_control", [True, False])
@pytest.mark.parametrize(
    ("message", "allowed"),
    [
        (say.cut_text(b"2.5 s"), ALLOWED_OUT),
        (say.cut_text(b""), ALLOWED_OUT),
        (say.extended_text(say.NOTIFY | 1), ALLOWED_OUT),
        (say.extended_text(say.PROVIDE | 1, b"zipped"), ALLOWED_OUT),
        (say.extended_text(say.REQUEST | 1), ALLOWED_IN),
        (say.extended_text(say.PEEK), ALLOWED_IN),
        (say.extended_text(0), set()),
        (say.extended_text(say.REQUEST | say.PROVIDE | 1, b"zipped"), set()),
        (say.extended_text(1 << 30 | 1), set()),
    ],
)
def test_texts_by_the_policy(message: bytes, allowed: set, clipboard: Clipboard, may_control: bool) -> None:
    passed = feed(message + say.ask_update(), may_control=may_control, clipboard=clipboard)
    expected = message if may_control and clipboard in allowed else b""
    assert passed == expected + say.ask_update()


@pytest.mark.parametrize("clipboard", Clipboard)
def test_abilities_carry_no_text_and_pass_where_any_may(clipboard: Clipboard) -> None:
    abilities = say.extended_text(say.CAPS | say.REQUEST | say.PROVIDE | 1, bytes(4))
    passed = feed(abilities, may_control=False, clipboard=clipboard)
    assert passed == (b"" if clipboard == Clipboard.NONE else abilities)


def test_a_long_text_is_left_out_without_keeping_it() -> None:
    filtered = ClientFilter(INIT)
    options = {"may_control": True, "clipboard": Clipboard.BOTH}
    for piece in [struct.pack(">BxxxI", 6, 64 * 2**16), *[bytes(2**16)] * 64]:
        assert filtered.feed(piece, **options) == b""
        assert filtered.kept <= 8
    assert filtered.feed(say.key(0x61), **options) == say.key(0x61)


def test_a_text_of_the_longest_that_passes() -> None:
    text = say.cut_text(b"x" * 2**18)
    assert feed(text, clipboard=Clipboard.BOTH) == text
    assert feed(say.cut_text(b"x" * (2**18 + 1)), clipboard=Clipboard.BOTH) == b""


def test_a_text_that_is_still_coming_when_control_goes_does_not_pass() -> None:
    filtered = ClientFilter(INIT)
    text = say.cut_text(b"x" * 100)
    assert filtered.feed(text[:50], may_control=True, clipboard=Clipboard.BOTH) == b""
    assert filtered.feed(text[50:] + say.ask_update(), may_control=False, clipboard=Clipboard.BOTH) == say.ask_update()


@pytest.mark.parametrize("length", [2**26 + 1, 2**31 - 1, -1, -3, -(2**26) - 5, -(2**31)])
def test_texts_of_impossible_length(length: int) -> None:
    fault_of(struct.pack(">Bxxxi", 6, length) + bytes(4), clipboard=Clipboard.BOTH)


# --- Lengths that a message gives of itself


def test_bounds_of_what_messages_say_of_themselves() -> None:
    assert feed(say.fence(bytes(64))) == say.fence(bytes(64))
    fault_of(say.fence(bytes(65)))
    assert feed(say.set_size(800, 600, 16)) == say.set_size(800, 600, 16)
    fault_of(say.set_size(800, 600, 17))
    for width, height in ((0, 600), (800, 0), (16385, 600), (800, 65535)):
        fault_of(say.set_size(width, height))


@pytest.mark.parametrize("kind", [1, 2, 255])
def test_other_messages_of_qemu(kind: int) -> None:
    fault_of(bytes([255, kind]) + bytes(10))
