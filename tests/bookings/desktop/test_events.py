"""The events line of a session, and the connection check."""

import contextlib
import json
import time

import pytest
from websockets.exceptions import ConnectionClosed

from bookings import news
from bookings.actions.room.chat import say
from bookings.actions.session import end_session
from bookings.desktop.events import APART
from bookings.enums import SessionState
from bookings.models import Booking, Session
from tests.support.relay import closing_of
from tests.support.waiting import PATIENCE, quickest, seconds_of


def told(line, within: float = PATIENCE) -> set[str]:
    word = json.loads(line.recv(timeout=within))
    return set(word["changed"])


@pytest.fixture
def line(relay, browse, live_booking: Booking, researcher):
    """Open, and past its first look at the rows."""
    socket = browse(researcher).events(relay, live_booking)
    socket.send('{"ping": 1}')
    assert json.loads(socket.recv(timeout=PATIENCE)) == {"pong": 1}
    return socket


def test_a_ping_comes_back_at_once(line) -> None:
    def ping() -> None:
        line.send('{"ping": 42}')
        assert json.loads(line.recv(timeout=PATIENCE)) == {"pong": 42}

    assert quickest(lambda: seconds_of(ping), 0.5) < 0.5


def test_whoever_watches_hears_that_something_changed(line, live_booking, researcher) -> None:
    say(live_booking, "Good morning", by=researcher)
    assert "chat" in told(line)


def test_changes_without_news_are_seen_in_the_rows(line, live_booking, researcher) -> None:
    Session.objects.update(controller=researcher)
    assert told(line) == {"control"}
    Session.objects.update(ends_at=live_booking.session.ends_at.replace(microsecond=7))
    assert told(line) == {"state"}


def test_many_changes_are_few_hints(line, live_booking) -> None:
    began = time.monotonic()
    for _ in range(50):
        news.session_changed(live_booking.session.pk)
    hints = 0
    with contextlib.suppress(TimeoutError):
        while True:
            told(line, 0.8)
            hints += 1
    assert 1 <= hints <= 2 + (time.monotonic() - began) / APART


def test_news_of_another_session_says_nothing(line, live_booking) -> None:
    news.session_changed(live_booking.session.pk + 1)
    with pytest.raises(TimeoutError):
        told(line, 0.7)


def test_it_is_open_before_the_session_and_ends_with_it(relay, browse, live_booking, researcher) -> None:
    Session.objects.update(state=SessionState.SCHEDULED)
    socket = browse(researcher).events(relay, live_booking)
    socket.send('{"ping": 1}')
    socket.recv(timeout=PATIENCE)
    Session.objects.update(state=SessionState.LIVE)
    assert told(socket) == {"state"}
    end_session(live_booking, by=researcher)
    assert closing_of(socket)[0] == 4001


@pytest.mark.parametrize(
    "said", ["", "{", "[]", '{"ping": "a"}', '{"ping": 1.5}', '{"other": 1}', b"\x00", "[" * 3000, "9" * 4097]
)
def test_other_messages_end_it(line, said) -> None:
    line.send(said)
    assert closing_of(line)[0] == 4008


def test_too_many_messages_end_it(line) -> None:
    with contextlib.suppress(ConnectionClosed):
        for number in range(400):
            line.send(json.dumps({"ping": number}))
    assert closing_of(line)[0] == 4008


def test_the_echo_measures(relay, browse, donor) -> None:
    mine = browse(donor)  # anybody with an account
    socket = mine.open(relay, "/ws/check/echo", mine.ticket())
    socket.send('{"ping": 5}')
    assert json.loads(socket.recv(timeout=PATIENCE)) == {"pong": 5}
    socket.send('{"send": 100000}')
    came = b"".join(iter(lambda: _binary(socket), b""))
    assert len(came) == 100_000
    assert len(set(came)) == 256  # nothing a proxy could pack
    socket.send(bytes(70_000))
    assert json.loads(socket.recv(timeout=PATIENCE)) == {"got": 70_000}
    socket.send('{"send": 100000000}')
    assert closing_of(socket)[0] == 4008


def _binary(socket) -> bytes:
    message = socket.recv(timeout=PATIENCE)
    if isinstance(message, bytes):
        return message
    assert json.loads(message) == {"sent": 100_000}
    return b""


def test_a_ticket_for_the_check_is_good_for_one_socket(relay, browse, donor) -> None:
    mine = browse(donor)
    ticket = mine.ticket()
    mine.open(relay, "/ws/check/echo", ticket)
    assert closing_of(mine.open(relay, "/ws/check/echo", ticket))[0] == 4010


def test_a_check_without_a_practice_instrument_says_so(relay, browse, donor) -> None:
    mine = browse(donor)
    assert closing_of(mine.open(relay, "/ws/check/desktop", mine.ticket())) == (4007, "unreachable")
