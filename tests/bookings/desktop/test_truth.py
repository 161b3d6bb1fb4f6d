"""The one statement about all lines, without sockets: as many questions for one line as for many."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from bookings.desktop import codes
from bookings.desktop.tickets import digest
from bookings.desktop.truth import Asked, door_cut, line_cut, person_cut, read, session_cut
from bookings.enums import BookingState, Leaving, Part, SessionState
from bookings.models import Attendance, Booking, Session
from instruments.enums import AccessMode, Clipboard
from portal.accounts.models import User
from tests.support.relay import give_desktop


def truth_of(person: User, session: Session | None, browser: str = "", attendance: int | None = None):
    asked = Asked(7, person.pk, browser, session and session.pk, attendance)
    return read([asked], timezone.now()).get(7)


@pytest.mark.parametrize("count", [1, 3])
def test_one_statement_for_all_lines(db, live_booking, researcher, staff, operator, count, django_assert_num_queries):
    asked = [Asked(n, [researcher, staff, operator][n].pk, "x", live_booking.session.pk) for n in range(count)]
    with django_assert_num_queries(1):
        assert set(read(asked, timezone.now())) == set(range(count))
    assert read([], timezone.now()) == {}


def test_each_has_a_part(live_booking, researcher, operator, staff, focal_point, donor) -> None:
    session = live_booking.session
    parts = {person: truth_of(person, session).part for person in (researcher, operator, staff, focal_point)}
    assert list(parts.values()) == [Part.RESEARCHER, Part.OPERATOR, Part.OBSERVER, Part.OBSERVER]
    assert session_cut(truth_of(donor, session), timezone.now()) is codes.REMOVED


def test_only_the_controller_may_control_and_only_who_may_join(live_booking, researcher, operator, staff) -> None:
    session = live_booking.session
    for holder in (researcher, operator, staff):
        Session.objects.update(controller=holder)
        hands = [who for who in (researcher, operator, staff) if truth_of(who, session).may_control(who.pk)]
        assert hands == ([] if holder == staff else [holder])
    type(live_booking.instrument).objects.update(access_mode=AccessMode.OBSERVED)
    Session.objects.update(controller=researcher)
    assert not truth_of(researcher, session).may_control(researcher.pk)


def test_a_check_has_no_session(researcher) -> None:
    truth = truth_of(researcher, None)
    assert truth.standing is None
    assert not truth.may_control(researcher.pk)
    assert truth.clipboard == Clipboard.NONE


def test_the_clipboard_is_the_desktops(live_booking, researcher) -> None:
    give_desktop(live_booking, 5900, clipboard=Clipboard.BOTH)
    assert truth_of(researcher, live_booking.session).clipboard == Clipboard.BOTH


def test_a_person_without_a_row_has_no_truth(db) -> None:
    assert read([Asked(1, 0, "x")], timezone.now()) == {}
    assert person_cut(None, "") is codes.REMOVED


def test_who_is_signed_in(researcher) -> None:
    store = SessionStore()
    store.create()
    stamp = digest(researcher.password)
    assert person_cut(truth_of(researcher, None, store.session_key), stamp) is None
    assert person_cut(truth_of(researcher, None, store.session_key), "other") is codes.SIGNED_OUT
    assert person_cut(truth_of(researcher, None, "other"), stamp) is codes.SIGNED_OUT
    store.set_expiry(-1)
    store.save()
    assert person_cut(truth_of(researcher, None, store.session_key), stamp) is codes.SIGNED_OUT
    User.objects.update(is_active=False)
    assert person_cut(truth_of(researcher, None, store.session_key), stamp) is codes.REMOVED


# state of the session -> (for who stands at the door, for who is in, for the events line)
STATES = {
    SessionState.SCHEDULED: (codes.NOT_OPEN, codes.CANCELLED, None),
    SessionState.QUEUED: (codes.NOT_OPEN, codes.CANCELLED, None),
    SessionState.READY: (codes.NOT_OPEN, codes.CANCELLED, None),
    SessionState.LIVE: (None, None, None),
    SessionState.ENDED: (codes.ENDED,) * 3,
    SessionState.FAILED: (codes.ENDED,) * 3,
    SessionState.MISSED: (codes.ENDED,) * 3,
    SessionState.CANCELLED: (codes.CANCELLED,) * 3,
}


@pytest.mark.parametrize("state", SessionState)
def test_every_state_of_a_session(live_booking, researcher, state) -> None:
    Session.objects.update(state=state)
    truth, now = truth_of(researcher, live_booking.session), timezone.now()
    assert (door_cut(truth, now), line_cut(truth, now), session_cut(truth, now)) == STATES[state]


@pytest.mark.parametrize("state", BookingState)
def test_every_state_of_a_booking(live_booking, researcher, state) -> None:
    Booking.objects.update(state=state, held_until=timezone.now() if state == BookingState.HELD else None)
    cut = line_cut(truth_of(researcher, live_booking.session), timezone.now())
    given_up = {"declined", "cancelled", "lapsed", "released", "failed"}
    assert cut is (codes.CANCELLED if state.value in given_up else None)


def test_the_clock(live_booking, researcher) -> None:
    session = live_booking.session
    truth = truth_of(researcher, session)
    assert line_cut(truth, session.ends_at - timedelta(seconds=1)) is None
    assert line_cut(truth, session.ends_at) is codes.ENDED
    assert door_cut(truth, session.starts_at - timedelta(seconds=1)) is codes.NOT_OPEN


@pytest.mark.parametrize("why", Leaving)
def test_a_row_that_somebody_closed_ends_its_line(live_booking, researcher, why) -> None:
    now = timezone.now()
    moments = {"joined_at": now, "seen_at": now, "left_at": now}
    line = Attendance.objects.create(
        session=live_booking.session, user=researcher, part=Part.RESEARCHER, relay="a", left_why=why, **moments
    )
    cut = line_cut(truth_of(researcher, live_booking.session, attendance=line.pk), now)
    assert cut is not None
    assert cut is codes.BY_LEAVING[why]


def test_every_code_is_its_own_and_has_a_sentence() -> None:
    assert len(codes.CUTS) == 16
    for code, cut in codes.CUTS.items():
        assert code == cut.code
        assert str(cut.sentence).endswith(".")
