"""Lines end when they have to: on time, and within two seconds of whatever takes the right to them away."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session as Cookie
from django.urls import reverse
from django.utils import timezone

from bookings.actions.participants import set_participants
from bookings.actions.session import end_session
from bookings.desktop.watch import EVERY
from bookings.enums import BookingState, Leaving, SessionState
from bookings.models import Attendance, Booking, Session
from portal.accounts.enums import MembershipState
from portal.accounts.models import User
from tests.factories.accounts import UserFactory
from tests.support.relay import CUT, Browser, Viewer
from tests.support.waiting import PATIENCE, quickest, seconds_of, soon


@pytest.fixture
def booking(screen_booking: Booking) -> Booking:
    return screen_booking


def left(why: Leaving) -> None:
    """The row of attendance says so, soon."""
    soon(lambda: Attendance.objects.get().left_why, why)


def test_the_desktop_closes_at_the_end_whoever_is_on(relay, browse, booking, researcher, staff) -> None:
    viewers = [browse(person).desktop(relay, booking) for person in (researcher, staff)]
    over = timezone.now() + timedelta(seconds=2.5)
    Session.objects.filter(booking=booking).update(ends_at=over)
    for viewer in viewers:
        assert viewer.end()[0] == 4001
    late = (timezone.now() - over).total_seconds()
    assert 0 <= late < PATIENCE
    assert Session.objects.get(booking=booking).state == SessionState.LIVE  # no worker was needed


def test_ending_the_session_cuts(relay, browse, booking, researcher) -> None:
    viewer = browse(researcher).desktop(relay, booking)
    end_session(booking, by=researcher)
    assert viewer.end()[0] == 4001
    left(Leaving.ENDED)


# What the rows may come to say without any news.
ROWS: dict[str, tuple[Callable[[Booking], object], int, Leaving]] = {
    "failed": (lambda row: Session.objects.filter(booking=row).update(state=SessionState.FAILED), 4001, Leaving.ENDED),
    "cancelled": (
        lambda row: Booking.objects.filter(pk=row.pk).update(state=BookingState.CANCELLED),
        4002,
        Leaving.CANCELLED,
    ),
    "moved": (
        lambda row: Session.objects.filter(booking=row).update(
            starts_at=row.start + timedelta(days=1), ends_at=row.end + timedelta(days=1)
        ),
        4002,
        Leaving.CANCELLED,
    ),
    "sent back": (
        lambda row: Session.objects.filter(booking=row).update(state=SessionState.SCHEDULED),
        4002,
        Leaving.CANCELLED,
    ),
    "gone": (lambda row: Session.objects.filter(booking=row).update(state=SessionState.ENDED), 4001, Leaving.ENDED),
}


@pytest.mark.parametrize("name", ROWS)
def test_rows_are_enough_to_cut(relay, browse, booking, researcher, name) -> None:
    change, code, why = ROWS[name]
    viewer = browse(researcher).desktop(relay, booking)
    change(booking)
    assert viewer.end()[0] == code
    left(why)


def test_who_is_taken_off_the_booking_is_cut_and_the_others_stay(relay, browse, booking, researcher) -> None:
    colleague = UserFactory()
    booking.participants.add(colleague)
    mine, theirs = browse(researcher).desktop(relay, booking), browse(colleague).desktop(relay, booking)
    set_participants(booking, [researcher], by=researcher)
    assert theirs.end()[0] == 4003
    mine.arrive()


def test_an_operator_who_leaves_the_laboratory_is_cut(relay, browse, booking, operator) -> None:
    viewer = browse(operator).desktop(relay, booking)
    operator.memberships.update(state=MembershipState.ENDED)
    assert viewer.end()[0] == 4003
    left(Leaving.REMOVED)


def test_staff_no_longer_staff_are_cut(relay, browse, booking, staff) -> None:
    viewer = browse(staff).desktop(relay, booking)
    User.objects.filter(pk=staff.pk).update(is_staff=False)
    assert viewer.end()[0] == 4003


def _sign_out(browser: Browser) -> None:
    assert browser.client.post(reverse("account_logout")).status_code == 302


def _everywhere(browser: Browser) -> None:
    Cookie.objects.all().delete()


def _another_password(browser: Browser) -> None:
    browser.user.set_password("a-very-different-one")
    browser.user.save()


@pytest.mark.parametrize("way", [_sign_out, _everywhere, _another_password])
def test_signing_out_anywhere_or_everywhere_cuts(relay, browse, booking, researcher, way) -> None:
    browser = browse(researcher)
    viewer, events = browser.desktop(relay, booking), browser.events(relay, booking)
    way(browser)
    assert viewer.end()[0] == 4004
    assert Viewer(events).end()[0] == 4004
    left(Leaving.SIGNED_OUT)


def test_another_browser_of_the_same_person_signs_out_alone(relay, browse, booking, researcher) -> None:
    viewer, other = browse(researcher).desktop(relay, booking), browse(researcher)
    _sign_out(other)
    relay.look()
    relay.look()  # it began after the other had signed out
    viewer.arrive()


def test_a_closed_account_is_cut(relay, browse, booking, researcher) -> None:
    viewer = browse(researcher).desktop(relay, booking)
    User.objects.filter(pk=researcher.pk).update(is_active=False)
    assert viewer.end()[0] == 4003


def test_a_line_over_which_nothing_comes_is_cut(start_relay, browse, booking, researcher) -> None:
    relay = start_relay(DESKTOP_IDLE_SECONDS="5")
    viewer = browse(researcher).desktop(relay, booking)
    for _ in range(6):
        time.sleep(1)
        viewer.point(3, 3)  # not idle
    assert viewer.end()[0] == 4005
    left(Leaving.IDLE)


def test_a_longer_session_goes_on(relay, browse, booking, researcher) -> None:
    viewer = browse(researcher).desktop(relay, booking)
    over = timezone.now() + timedelta(seconds=8)
    Session.objects.filter(booking=booking).update(ends_at=over)
    relay.look()
    relay.look()  # it began after the row had changed
    Session.objects.filter(booking=booking).update(ends_at=over + timedelta(minutes=30))
    soon(lambda: timezone.now() > over, True)
    relay.look()
    viewer.arrive()


def test_a_cut_takes_two_seconds_at_most_by_the_rows_alone(relay, browse, booking, staff) -> None:
    def once() -> float:
        User.objects.filter(pk=staff.pk).update(is_staff=True)
        viewer = browse(staff).desktop(relay, booking)
        relay.look()
        User.objects.filter(pk=staff.pk).update(is_staff=False)
        return seconds_of(viewer.end)

    assert quickest(once, CUT) < CUT


def test_news_make_a_cut_quicker_than_the_next_look(relay, browse, booking, researcher) -> None:
    colleague = UserFactory()

    def once() -> float:
        booking.participants.add(colleague)
        viewer = browse(colleague).desktop(relay, booking)
        relay.look()
        set_participants(booking, [researcher], by=researcher)
        return seconds_of(viewer.end)

    assert quickest(once, EVERY / 2) < EVERY / 2
