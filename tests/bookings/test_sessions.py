"""Sessions follow from row and clock: with workers, late workers, two workers, or none."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.actions import clock
from bookings.actions.session import advance_session, begin_session, complete_mail_in, end_session, state_at
from bookings.door import door_is_open
from bookings.enums import BookingState, SessionState
from bookings.models import Booking, Session
from instruments.enums import AccessMode
from portal.audit.actions import history_of
from portal.core.errors import Forbidden, Refused
from portal.notifications.models import Notification
from tests.factories.bookings import BookingFactory
from tests.factories.calls import AwardFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(award, monday):
    return BookingFactory(award=award, start=monday.start)


@pytest.fixture
def at(time_machine, monday):
    """Move the clock to so many minutes after the start."""

    def move(minutes):
        time_machine.move_to(monday.start + timedelta(minutes=minutes), tick=False)

    return move


def states(booking):
    booking.refresh_from_db()
    session = Session.objects.get(booking=booking)
    return booking.state, session.state


def test_the_clock_prepares_a_session_a_quarter_of_an_hour_before(booking, at):
    at(-16)
    assert advance_session(booking).state == SessionState.SCHEDULED
    at(-15)
    assert advance_session(booking).state == SessionState.READY
    assert [entry.verb for entry in history_of(booking.session)] == ["prepare", "queue"]


def test_begin_then_the_clock_ends_it_and_the_hours_stay_used(booking, award, researcher, at):
    at(2)
    assert begin_session(booking, by=researcher).state == SessionState.LIVE
    at(120)
    advance_session(booking)
    assert states(booking) == (BookingState.COMPLETED, SessionState.ENDED)
    award.refresh_from_db()
    assert award.entries.get(kind="used").minutes == 0


def test_ending_early_returns_whole_steps_and_frees_the_rest(instrument, booking, award, researcher, at):
    before = award.balance_minutes
    at(0)
    begin_session(booking, by=researcher)
    at(40)
    end_session(booking, by=researcher)
    booking.refresh_from_db()
    award.refresh_from_db()
    assert award.balance_minutes == before + 60
    assert booking.occupied.upper == timezone.now()
    BookingFactory(award=AwardFactory(instrument=instrument), start=timezone.now())


def test_a_session_nobody_began_is_missed_after_its_grace_and_the_rest_is_free(booking, award, at, researcher):
    before = award.balance_minutes
    at(29)
    advance_session(booking)
    assert states(booking)[1] == SessionState.READY
    at(30)
    advance_session(booking)
    assert states(booking) == (BookingState.MISSED, SessionState.MISSED)
    award.refresh_from_db()
    assert award.balance_minutes == before
    assert booking.occupied.upper == timezone.now()
    with pytest.raises(Refused):
        begin_session(booking, by=researcher)


def test_without_any_tick_the_page_shows_and_begin_does_what_is_due(booking, researcher, at):
    at(5)
    session = booking.session
    assert session.state == SessionState.SCHEDULED
    assert state_at(session, timezone.now()) == SessionState.READY
    assert begin_session(booking, by=researcher).state == SessionState.LIVE


def test_without_any_tick_the_door_shuts_at_the_end(booking, researcher, at):
    at(5)
    session = begin_session(booking, by=researcher)
    at(119)
    assert door_is_open(session, timezone.now())
    at(120)
    assert not door_is_open(session, timezone.now())
    assert state_at(session, timezone.now()) == SessionState.ENDED


def test_begin_before_the_start_is_refused(booking, researcher, at):
    at(-1)
    with pytest.raises(Refused) as refusal:
        begin_session(booking, by=researcher)
    assert refusal.value.codes == ["too_early"]


@pytest.mark.parametrize("who", ["stranger_researcher", "stranger_operator", "focal_point", "donor"])
def test_only_those_who_take_part_and_the_laboratory_begin(request, booking, at, who):
    at(1)
    with pytest.raises(Forbidden):
        begin_session(booking, by=request.getfixturevalue(who))


def test_twice_or_by_two_workers_changes_nothing_more(booking, researcher, at):
    at(1)
    begin_session(booking, by=researcher)
    at(121)
    for _ in range(3):
        advance_session(booking)
    assert [entry.verb for entry in history_of(booking.session)] == ["end", "open", "prepare", "queue"]
    assert [entry.verb for entry in history_of(booking)] == ["complete"]


def test_an_instrument_that_does_not_answer_is_told_and_fails_after_the_grace(instrument, booking, award, operator, at):
    instrument.link = ""
    instrument.save()
    at(-10)
    advance_session(booking)
    advance_session(booking)
    assert states(booking)[1] == SessionState.QUEUED
    assert Notification.objects.filter(kind="bookings.not_answering", address=operator.email).count() == 1
    at(30)
    advance_session(booking)
    assert states(booking) == (BookingState.FAILED, SessionState.FAILED)
    award.refresh_from_db()
    assert award.balance_minutes == 600 + booking.minutes


def test_the_tick_finds_what_is_due_by_query(booking, at, django_capture_on_commit_callbacks):
    at(-60)
    assert clock.wake_due_sessions() == 0
    at(-10)
    assert clock.wake_due_sessions() == 1
    advance_session(booking)
    assert clock.wake_due_sessions() == 0
    at(31)
    assert clock.wake_due_sessions() == 1


def test_reminders_go_once_and_only_when_their_time_has_come(booking, researcher, at):
    at(-60 * 25)
    assert clock.send_reminders() == 0
    at(-60 * 24)
    for _ in range(2):
        clock.send_reminders()
    at(-15)
    for _ in range(2):
        clock.send_reminders()
    kinds = Notification.objects.filter(address=researcher.email).values_list("kind", flat=True)
    assert sorted(kinds) == ["bookings.remind_day", "bookings.remind_soon"]


def test_mail_in_work_is_completed_when_its_period_is_over(instrument, award, monday, at):
    instrument.access_mode = AccessMode.MAIL_IN
    instrument.save()
    booking = BookingFactory(award=award, start=monday.start, session=False)
    at(121)
    assert list(Booking.objects.mail_in_over_at(timezone.now())) == [booking]
    complete_mail_in(booking)
    booking.refresh_from_db()
    assert booking.state == BookingState.COMPLETED


def test_unanswered_requests_lapse_at_the_tick_and_answered_ones_stay(award, monday, at):
    unanswered = [
        BookingFactory(award=award, start=monday.start + timedelta(hours=hours), state=BookingState.REQUESTED)
        for hours in (0, 2)
    ]
    confirmed = BookingFactory(award=award, start=monday.start + timedelta(hours=4))
    at(-30)
    assert clock.lapse_requests() == 2
    assert clock.lapse_requests() == 0
    for booking in unanswered:
        assert states_of(booking) == BookingState.LAPSED
    assert states_of(confirmed) == BookingState.CONFIRMED


def states_of(booking):
    booking.refresh_from_db()
    return booking.state
