"""The filters under random messages, random bytes and random splits."""

import struct
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bookings.desktop.messages import ClientFilter
from bookings.desktop.picture import ServerFilter
from bookings.desktop.rfb import Greeting, PixelFormat, ProtocolError, ServerInit
from instruments.enums import Clipboard
from tests.support import rfb_messages as say

INIT = ServerInit(800, 600, PixelFormat(say.pixels()), "x")
FORBIDDEN_ENCODINGS = {-316, -309, -307, -259, 21, 5, -256}
PIECE = 4096
patient = settings(deadline=None, max_examples=200)

u8, u16, u32 = (st.integers(0, 2**bits - 1) for bits in (8, 16, 32))
small = st.binary(max_size=40)
flags = st.sampled_from([0, say.CAPS | 1, say.REQUEST | 1, say.PEEK, say.NOTIFY | 1, say.PROVIDE | 1, 2**32 - 1]) | u32
client_message = st.one_of(
    st.builds(say.set_pixels, st.just(say.pixels())),
    st.lists(st.integers(-(2**31), 2**31 - 1) | st.sampled_from(sorted(FORBIDDEN_ENCODINGS)), max_size=9).map(
        lambda codes: say.set_encodings(*codes)
    ),
    st.builds(say.ask_update, u16, u16, incremental=st.booleans()),
    st.builds(say.key, u32, down=st.booleans()),
    st.builds(say.qemu_key, u32, u32, down=st.booleans()),
    st.builds(say.pointer, u16, u16, u8),
    st.builds(say.cut_text, st.binary(max_size=300)),
    st.builds(say.extended_text, flags, small),
    st.builds(say.fence, st.binary(max_size=64), u32),
    st.builds(say.continuous_updates, on=st.booleans()),
    st.builds(say.set_size, st.integers(1, 9000), st.integers(1, 9000), st.integers(0, 16)),
)
side = st.integers(0, 40)
rectangle = st.one_of(
    st.tuples(side, side).map(lambda size: say.rectangle(0, *size, bytes(4 * size[0] * size[1]))),
    st.binary(min_size=4, max_size=4).map(lambda body: say.rectangle(1, 9, 9, body)),
    st.integers(0, 9).map(lambda n: say.rectangle(2, 9, 9, struct.pack(">I", n) + bytes(4 + 12 * n))),
    st.builds(lambda code, data: say.rectangle(code, 9, 9, say.counted(data)), st.sampled_from([6, 16]), small),
    st.binary(max_size=200).map(lambda data: say.rectangle(7, 9, 9, b"\x90" + say.compact(data))),
    st.binary(max_size=200).map(lambda data: say.rectangle(7, 9, 9, b"\x00" + say.compact(data))),
    st.binary(min_size=3, max_size=3).map(lambda colour: say.rectangle(7, 9, 9, b"\x80" + colour)),
    st.integers(2, 255).map(
        lambda n: say.rectangle(7, 9, 9, b"\x40\x01" + bytes([n]) + bytes(3 * n + 3) + say.compact(bytes(20)))
    ),
)
picture = st.lists(rectangle, max_size=4).map(lambda parts: say.update(*parts))
text = st.builds(say.cut_text, small, from_browser=st.just(False))
policy = st.sampled_from(list(Clipboard))


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    at = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[begin:end] for begin, end in pairwise(at)]


cuts = st.lists(st.integers(0, 10_000), max_size=12)


@patient
@given(st.lists(client_message, max_size=12), cuts, st.booleans(), policy)
def test_any_split_of_the_browsers_bytes_gives_the_same(messages, cuts, may_control, clipboard) -> None:
    options = {"may_control": may_control, "clipboard": clipboard}
    data = b"".join(messages)
    whole, split = ClientFilter(INIT), ClientFilter(INIT)
    expected = whole.feed(data, **options)
    assert b"".join(split.feed(piece, **options) for piece in pieces(data, cuts)) == expected
    assert (split.passed, split.left_out, split.inputs) == (whole.passed, whole.left_out, whole.inputs)
    assert split.kept == whole.kept == 0
    assert whole.passed + whole.left_out == len(messages)


@patient
@given(st.lists(client_message | st.binary(max_size=60), max_size=12), cuts, st.booleans(), policy)
def test_nothing_outside_the_allow_list_ever_passes(said, cuts, may_control, clipboard) -> None:
    filtered = ClientFilter(INIT)
    passed = b""
    try:
        for piece in pieces(b"".join(said), cuts):
            passed += filtered.feed(piece, may_control=may_control, clipboard=clipboard)
    except ProtocolError:
        pass  # then the line ends; what passed before is judged below
    for message in say.client_messages(passed):
        _assert_allowed(message, may_control, clipboard)


def _assert_allowed(message: bytes, may_control: bool, clipboard: Clipboard) -> None:
    kind = message[0]
    assert kind in ({0, 2, 3, 4, 5, 6, 150, 248, 251, 255} if may_control else {0, 2, 3, 6, 150, 248})
    if kind == 2:
        codes = set(struct.unpack_from(f">{(len(message) - 4) // 4}i", message, 4))
        assert not codes & FORBIDDEN_ENCODINGS
        assert clipboard != Clipboard.NONE or say.EXTENDED_CLIPBOARD not in codes
    if kind == 5:
        assert message[1] < 0x80
    if kind == 6:
        is_abilities = message[4] >= 0x80 and message[8] & 1
        assert clipboard != Clipboard.NONE
        assert may_control or is_abilities
        if message[4] < 0x80:
            assert clipboard in (Clipboard.TO_INSTRUMENT, Clipboard.BOTH)
    if kind == 255:
        assert message[1] == 0


@patient
@given(st.binary(max_size=3 * PIECE), st.booleans(), policy)
def test_what_is_kept_of_a_browser_is_bounded(data, may_control, clipboard) -> None:
    filtered = ClientFilter(INIT)
    try:
        for at in range(0, len(data), PIECE):
            filtered.feed(data[at : at + PIECE], may_control=may_control, clipboard=clipboard)
            assert filtered.kept <= 2**18 + 8
    except ProtocolError:
        assert filtered.kept <= 2**18 + 8 + PIECE


@patient
@given(st.lists(st.booleans(), min_size=1, max_size=30), st.data())
def test_whoever_loses_control_leaves_nothing_down(turns, data) -> None:
    """What a server sees of keys and buttons, through any changes of control."""
    filtered, down, button = ClientFilter(INIT), set(), 0
    for may_control in turns:
        said = data.draw(
            st.one_of(
                st.builds(say.key, st.integers(1, 5), down=st.booleans()),
                st.builds(say.qemu_key, st.integers(1, 5), st.integers(1, 5), down=st.booleans()),
                st.builds(say.pointer, u16, u16, u8),
            )
        )
        for message in say.client_messages(filtered.feed(said, may_control=may_control, clipboard=Clipboard.NONE)):
            if message[0] == 5:
                button = message[1]
            else:
                name = message[4:] if message[0] == 4 else message[4:] + b"q"
                (down.add if message[1 if message[0] == 4 else 3] else down.discard)(name)
        assert may_control or not (down or button)


@patient
@given(st.lists(picture | text | st.sampled_from([b"\2", b"\x96", say.fence(b"x")]), max_size=10), cuts)
def test_any_split_of_the_instruments_bytes_gives_the_same(messages, cuts) -> None:
    options = {"may_control": True, "clipboard": Clipboard.TO_INSTRUMENT}
    filtered = ServerFilter(ClientFilter(INIT))
    passed = b"".join(filtered.feed(piece, **options) for piece in pieces(b"".join(messages), cuts))
    texts = [message for message in messages if message[0] == 3]
    assert passed == b"".join(message for message in messages if message[0] != 3)
    assert (filtered.left_out, filtered.kept) == (len(texts), 0)


@patient
@given(st.lists(picture | text | st.binary(max_size=60), max_size=10), cuts)
def test_garbage_of_an_instrument_ends_the_line_or_passes_unchanged(said, cuts) -> None:
    """Without texts to leave out, what passes is what came, up to where it can no longer be followed."""
    data = b"".join(said)
    filtered, passed = ServerFilter(ClientFilter(INIT)), b""
    try:
        for piece in pieces(data, cuts):
            passed += filtered.feed(piece, may_control=True, clipboard=Clipboard.BOTH)
            assert filtered.kept < 2000
    except ProtocolError:
        pass  # what passed before is judged below
    if filtered.left_out == 0:
        assert data.startswith(passed)


@patient
@given(st.binary(max_size=40), cuts)
def test_garbage_in_the_greeting(data, cuts) -> None:
    greeting = Greeting(INIT)
    try:
        for piece in pieces(data, cuts):
            greeting.feed(piece)
    except ProtocolError:
        assert not data.startswith(b"RFB 003.008\n\x01")
        return
    assert greeting.is_done == (len(data) >= 14)
    assert greeting.rest == data[14:]


@settings(deadline=None, max_examples=20)
@given(st.integers(5 * 2**16, 2**26), st.sampled_from([3, 6]))
def test_a_text_of_any_length_costs_no_memory(length, kind) -> None:
    client = ClientFilter(INIT)
    filtered = client if kind == 6 else ServerFilter(client)
    for piece in (struct.pack(">BxxxI", kind, length), *[bytes(2**16)] * 5):
        assert filtered.feed(piece, may_control=True, clipboard=Clipboard.BOTH) == b""
        assert filtered.kept <= 2**16


def test_the_independent_reader_of_these_tests_notices() -> None:
    for data in (b"\xfa\1\0\2", say.key(1)[:-1], say.cut_text(b"abc")[:-1]):
        with pytest.raises(AssertionError):
            list(say.client_messages(data))
