"""What breaks in mid-session: the relay, Valkey, the database, the instrument; and two relays side by side."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from bookings import news
from bookings.actions.attendance import forget_orphans
from bookings.actions.participants import set_participants
from bookings.actions.room.control import hand_over
from bookings.actions.session import end_session
from bookings.desktop import tickets
from bookings.desktop.watch import BLIND
from bookings.enums import Leaving, SessionState
from bookings.models import Attendance, Booking, Session
from portal.accounts.models import User
from portal.embedded.valkey import Valkey
from tests.factories.accounts import UserFactory
from tests.support.environment import RUN
from tests.support.relay import closing_of, give_desktop
from tests.support.waiting import PATIENCE, soon


@pytest.fixture
def booking(screen_booking: Booking) -> Booking:
    return screen_booking


@pytest.fixture
def colleague(booking: Booking) -> User:
    person = UserFactory(name="Carla Colleague")
    booking.participants.add(person)
    return person


@pytest.mark.fault
def test_a_relay_killed_changes_nothing_but_the_line(start_relay, browse, booking, vnc, researcher, colleague) -> None:
    relay, mine = start_relay(), browse(researcher)
    mine.desktop(relay, booking)
    relay.kill()

    [line] = Attendance.objects.all()
    assert line.left_at is None
    session = Session.objects.get(booking=booking)
    assert (session.state, session.controller) == (SessionState.LIVE, researcher)
    Attendance.objects.update(seen_at=timezone.now() - Attendance.GONE_AFTER)
    assert forget_orphans() == 1
    line.refresh_from_db()
    assert (line.left_why, line.left_at) == (Leaving.LOST, line.seen_at)
    assert forget_orphans() == 0

    relay.start()
    screen = vnc.screen()
    browse(colleague).desktop(relay, booking)  # does not get what is kept
    again = mine.desktop(relay, booking)
    session.refresh_from_db()
    assert (session.controller, session.control_lost_at) == (researcher, None)
    again.point(33, 44)
    soon(screen.pointer, (33, 44, 0))


@pytest.mark.fault
def test_a_relay_that_is_restarted_says_so(start_relay, browse, booking, researcher) -> None:
    relay = start_relay()
    mine = browse(researcher)
    viewer = mine.desktop(relay, booking)
    relay.stop()
    assert viewer.end()[0] == 1012
    assert Attendance.objects.get().left_why == Leaving.RESTART
    relay.start()
    mine.desktop(relay, booking)
    assert Session.objects.get().controller == researcher


@pytest.fixture
def own_valkey(broker) -> Iterator[Valkey]:
    """A Valkey that may go away, used by this process too."""
    server = Valkey(RUN / "valkey-of-the-relay", durable=False)
    server.start()
    with override_settings(REDIS_URL=server.url):
        _forget_clients()
        yield server
    _forget_clients()
    server.stop()


def _forget_clients() -> None:
    news._valkey.cache_clear()
    tickets._valkey.cache_clear()


@pytest.mark.fault
def test_without_valkey_the_rows_decide(start_relay, own_valkey, browse, booking, researcher, colleague) -> None:
    relay = start_relay(REDIS_URL=own_valkey.url)
    mine, theirs = browse(researcher), browse(colleague)
    viewer, other = mine.desktop(relay, booking), theirs.desktop(relay, booking)
    soon(lambda: relay.figures()["relay_news_connected"], 1.0)
    own_valkey.stop()
    soon(lambda: relay.figures()["relay_news_connected"], 0.0)
    viewer.arrive()

    refused = mine.ask(booking)
    assert refused.status_code == 503
    assert refused.json()["code"] == 1012
    set_participants(booking, [researcher], by=researcher)
    assert other.end()[0] == 4003
    end_session(booking, by=researcher)
    assert viewer.end()[0] == 4001

    own_valkey.start()
    soon(lambda: relay.figures()["relay_news_connected"], 1.0)


@pytest.mark.fault
def test_a_database_that_is_restarted_changes_nothing(start_relay, browse, booking, researcher, staff) -> None:
    relay = start_relay()
    mine = browse(researcher)
    viewer, watching = mine.desktop(relay, booking), browse(staff).desktop(relay, booking)
    with nobody_connects():
        soon(lambda: relay.figures()["relay_truth_failures_total"] > 0, True)
        viewer.arrive()
        watching.arrive()
    User.objects.filter(pk=staff.pk).update(is_staff=False)
    assert watching.end()[0] == 4003
    viewer.arrive()
    mine.desktop(relay, booking)
    assert viewer.end()[0] == 4006


@pytest.mark.fault
def test_the_end_comes_on_time_though_the_database_is_away(start_relay, browse, booking, researcher) -> None:
    relay = start_relay()
    viewer = browse(researcher).desktop(relay, booking)
    over = timezone.now() + timedelta(seconds=8)
    Session.objects.filter(booking=booking).update(ends_at=over)
    relay.look()
    relay.look()  # it began after the row had changed
    with nobody_connects():
        assert viewer.end()[0] == 4001
        assert 0 <= (timezone.now() - over).total_seconds() < PATIENCE < BLIND
    soon(lambda: Attendance.objects.get().left_why in ("", Leaving.ENDED), True)


class nobody_connects:  # noqa: N801 reads as a phrase
    """The database takes no new connections and drops all but ours, as while it restarts."""

    def __enter__(self) -> None:
        self._allow(is_open=False)
        with connection.cursor() as cursor:
            others = "datname = current_database() AND pid <> pg_backend_pid()"
            cursor.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")

    def __exit__(self, *_error: object) -> None:
        self._allow(is_open=True)

    def _allow(self, *, is_open: bool) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE pg_database SET datallowconn = %s WHERE datname = current_database()", [is_open])


def test_two_relays_know_of_each_other(start_relay, browse, booking, vnc, researcher, colleague) -> None:
    first, second = start_relay(), start_relay()
    mine, theirs = browse(researcher), browse(colleague)
    here, there = mine.desktop(first, booking), theirs.desktop(second, booking)
    screen = vnc.screen()
    here.point(21, 22)
    soon(screen.pointer, (21, 22, 0))
    hand_over(booking, colleague, by=researcher)

    def both_point() -> object:
        there.point(51, 52)
        time.sleep(0.2)
        here.point(99, 99)
        time.sleep(0.2)
        return screen.pointer()

    soon(both_point, (51, 52, 0))  # each relay hears of it in its own time

    moved = mine.desktop(second, booking)
    assert here.end()[0] == 4006
    end_session(booking, by=researcher)
    assert moved.end()[0] == there.end()[0] == 4001


def test_an_instrument_that_hangs_up_ends_the_line(relay, browse, live_booking, start_vnc, researcher) -> None:
    server = start_vnc("other123")
    give_desktop(live_booking, server.port, server.password)
    viewer = browse(researcher).desktop(relay, live_booking)
    server.stop()
    assert viewer.end() == (4007, "refused")
    soon(lambda: Attendance.objects.get().left_why, Leaving.INSTRUMENT)


@pytest.mark.parametrize(
    "said",
    [b"\xfa\x00\x01\x02", b"\xff" * 40, b"\x02\x00\xff\xff", b"\x06\x00\x00\x00\x7f\xff\xff\xff", bytes(500_000)],
)
def test_what_is_no_rfb_ends_the_line(relay, browse, booking, researcher, said) -> None:
    viewer = browse(researcher).desktop(relay, booking)
    viewer.send(said)
    assert viewer.end()[0] == 4008
    soon(lambda: Attendance.objects.get().left_why, Leaving.PROTOCOL)


def test_texts_and_messages_that_are_too_long_end_the_line(relay, browse, booking, researcher) -> None:
    mine = browse(researcher)
    viewer = mine.desktop(relay, booking)
    viewer.socket.send("a text")
    assert viewer.end()[0] == 4008
    viewer = mine.desktop(relay, booking)
    viewer.send(bytes(2**20 + 1))
    assert closing_of(viewer.socket)[0] == 1009


@pytest.mark.parametrize("said", [b"\x01\x01\x01", b"RFB 003.008\n\x07", b"RFB 009.009\n", b"\x16\x03\x01" * 20])
def test_a_browser_that_greets_otherwise_is_cut(relay, browse, booking, researcher, said) -> None:
    line = browse(researcher).try_desktop(relay, booking)
    line.send(said.ljust(12, b"\0"))
    line.send(b"\x09\x09")
    assert closing_of(line)[0] == 4008
    assert Attendance.objects.count() == 0
