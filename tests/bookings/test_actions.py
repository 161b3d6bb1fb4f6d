"""Booking and what happens to a booking: the outcome, its traces, and nothing where a write fails."""

from datetime import timedelta

import pytest
from django.db import DatabaseError

from bookings.actions import booking as booking_actions
from bookings.actions.booking import book_time
from bookings.actions.changes import (
    cancel_booking,
    confirm_booking,
    decline_booking,
    fail_booking,
    lapse_booking,
    move_booking,
)
from bookings.enums import BookingState, SessionState
from bookings.models import Booking
from calls.models import LedgerEntry
from portal.audit.actions import history_of
from portal.audit.models import Record
from portal.core.errors import Forbidden, Refused, Taken, WrongState
from portal.notifications.models import Notification
from tests.factories.accounts import UserFactory
from tests.factories.bookings import BookingFactory
from tests.factories.calls import AwardFactory

pytestmark = pytest.mark.django_db


def kinds() -> list[tuple[str, str]]:
    return sorted(Notification.objects.values_list("kind", "address"))


def later(span, **by):
    return type(span)(span.start + timedelta(**by), span.end + timedelta(**by))


def asks(instrument, **fields):
    instrument.policy.needs_confirmation = True
    for name, value in fields.items():
        setattr(instrument.policy, name, value)
    instrument.policy.save()


def test_a_booking_takes_hours_gets_a_session_and_is_told_to_both_sides(
    instrument, award, monday, focal_point, operator
):
    booking = book_time(instrument, monday, award, by=focal_point)

    award.refresh_from_db()
    assert booking.state == BookingState.CONFIRMED
    assert award.balance_minutes == 480
    assert [(entry.kind, entry.minutes) for entry in award.entries.all()] == [("granted", 600), ("booked", -120)]
    assert booking.session.state == SessionState.SCHEDULED
    assert list(booking.participants.all()) == [award.holder]
    assert [(entry.verb, entry.after, entry.by) for entry in history_of(booking)] == [
        ("request", "confirmed", focal_point)
    ]
    assert kinds() == [
        ("bookings.announced", operator.email),
        ("bookings.confirmed", award.holder.email),
        ("bookings.confirmed", focal_point.email),
    ]


def test_where_the_policy_asks_an_operator_confirms(instrument, award, monday, researcher, operator):
    asks(instrument)
    booking = book_time(instrument, monday, award, by=researcher)
    assert booking.state == BookingState.REQUESTED
    assert not hasattr(booking, "session")
    assert ("bookings.asked", operator.email) in kinds()

    confirmed = confirm_booking(booking, by=operator)
    assert confirmed.state == BookingState.CONFIRMED
    assert confirmed.session.state == SessionState.SCHEDULED
    assert ("bookings.confirmed", researcher.email) in kinds()


def test_a_decline_returns_the_hours_and_says_why(instrument, award, monday, researcher, operator):
    asks(instrument)
    booking = book_time(instrument, monday, award, by=researcher)
    with pytest.raises(Refused) as refusal:
        decline_booking(booking, by=operator, why="  ")
    assert refusal.value.codes == ["no_reason"]

    decline_booking(booking, by=operator, why="The detector is away.")
    award.refresh_from_db()
    assert award.balance_minutes == 600
    assert Notification.objects.get(kind="bookings.declined").data["why"] == "The detector is away."


def test_an_unanswered_request_lapses_only_when_its_time_has_come(instrument, award, monday, researcher, time_machine):
    asks(instrument, confirm_by=720)
    booking = book_time(instrument, monday, award, by=researcher)
    time_machine.move_to(monday.start - timedelta(hours=13), tick=False)
    with pytest.raises(Refused):
        lapse_booking(booking)

    time_machine.move_to(monday.start - timedelta(hours=12), tick=False)
    assert lapse_booking(booking).state == BookingState.LAPSED
    award.refresh_from_db()
    assert award.balance_minutes == 600
    record = history_of(booking)[0]
    assert (record.verb, record.actor, record.by) == ("lapse", "clock", None)


def test_cancelling_in_time_returns_everything(instrument, award, monday, researcher):
    booking = book_time(instrument, monday, award, by=researcher)
    cancelled = cancel_booking(booking, by=researcher, why="Crystals dissolved.")
    award.refresh_from_db()
    assert (cancelled.state, cancelled.session.state) == (BookingState.CANCELLED, SessionState.CANCELLED)
    assert award.balance_minutes == 600


@pytest.mark.parametrize(("by", "balance"), [("researcher", 540), ("operator", 600)])
def test_a_late_cancellation_keeps_the_policys_share_unless_the_laboratory_cancels(
    instrument, award, monday, researcher, operator, time_machine, by, balance
):
    instrument.policy.late_cancel_percent = 50
    instrument.policy.save()
    booking = book_time(instrument, monday, award, by=researcher)
    time_machine.move_to(monday.start - timedelta(hours=3), tick=False)
    cancel_booking(booking, by={"researcher": researcher, "operator": operator}[by])
    award.refresh_from_db()
    assert award.balance_minutes == balance
    assert sum(award.entries.values_list("minutes", flat=True)) == balance


def test_a_booking_that_began_is_not_cancelled(instrument, award, monday, researcher, time_machine):
    booking = book_time(instrument, monday, award, by=researcher)
    time_machine.move_to(monday.start, tick=False)
    with pytest.raises(Refused) as refusal:
        cancel_booking(booking, by=researcher)
    assert refusal.value.codes == ["begun"]


def test_a_move_keeps_the_identity_and_settles_the_difference(instrument, award, monday, researcher):
    booking = book_time(instrument, monday, award, by=researcher)
    longer = type(monday)(monday.start + timedelta(days=1), monday.end + timedelta(days=1, hours=1))
    moved = move_booking(booking, longer, by=researcher)
    award.refresh_from_db()
    assert (moved.pk, moved.ref, moved.version) == (booking.pk, booking.ref, 1)
    assert moved.span == longer
    assert (moved.session.starts_at, moved.session.ends_at) == (longer.start, longer.end)
    assert award.balance_minutes == 420


def test_a_move_to_an_overlapping_time_does_not_meet_itself(instrument, award, monday, researcher):
    booking = book_time(instrument, monday, award, by=researcher)
    assert move_booking(booking, later(monday, hours=1), by=researcher).start == monday.start + timedelta(hours=1)


def test_a_move_asks_the_operator_again_unless_the_operator_moves(instrument, award, monday, researcher, operator):
    asks(instrument)
    booking = confirm_booking(book_time(instrument, monday, award, by=researcher), by=operator)
    moved = move_booking(booking, later(monday, days=1), by=operator)
    assert moved.state == BookingState.CONFIRMED
    moved = move_booking(moved, later(monday, days=2), by=researcher)
    assert moved.state == BookingState.REQUESTED
    moved.session.refresh_from_db()
    assert moved.session.state == SessionState.CANCELLED, "kept for what was said in it, until the laboratory confirms"


def test_a_move_onto_somebody_elses_time_changes_nothing(instrument, award, monday, researcher):
    BookingFactory(award=AwardFactory(instrument=instrument), start=monday.start + timedelta(days=1))
    booking = book_time(instrument, monday, award, by=researcher)
    with pytest.raises(Taken) as refusal:
        move_booking(booking, later(monday, days=1), by=researcher)
    booking.refresh_from_db()
    assert booking.span == monday
    assert 1 <= len(refusal.value.alternatives) <= 3


def test_a_late_move_would_dodge_the_fee_and_is_refused(instrument, award, monday, researcher, time_machine):
    instrument.policy.late_cancel_percent = 50
    instrument.policy.save()
    booking = book_time(instrument, monday, award, by=researcher)
    time_machine.move_to(monday.start - timedelta(hours=3), tick=False)
    with pytest.raises(Refused) as refusal:
        move_booking(booking, later(monday, days=1), by=researcher)
    assert refusal.value.codes == ["too_late_to_move"]


def test_a_failure_of_the_laboratory_returns_all_hours(instrument, award, monday, researcher, operator, time_machine):
    instrument.policy.late_cancel_percent = 100
    instrument.policy.save()
    booking = book_time(instrument, monday, award, by=researcher)
    time_machine.move_to(monday.start + timedelta(minutes=20), tick=False)
    fail_booking(booking, by=operator, why="Power cut.")
    award.refresh_from_db()
    assert award.balance_minutes == 600


def test_a_taken_time_is_refused_with_free_alternatives_of_the_same_length(instrument, award, monday, researcher):
    book_time(instrument, monday, award, by=researcher)
    with pytest.raises(Taken) as refusal:
        book_time(instrument, later(monday, hours=1), award, by=researcher)
    assert len(refusal.value.alternatives) == 3
    for start, end in refusal.value.alternatives:
        assert end - start == timedelta(hours=2)
        assert not (start < monday.end and monday.start < end)
    award.refresh_from_db()
    assert award.balance_minutes == 480


def test_a_second_unit_takes_the_second_booking(award, monday, researcher, instrument):
    instrument.units.create(name="Unit 2")
    first = book_time(instrument, monday, award, by=researcher)
    second = book_time(instrument, monday, award, by=researcher)
    assert {first.unit_id, second.unit_id} == set(instrument.units.values_list("pk", flat=True))


def test_change_over_keeps_bookings_apart(award, monday, researcher, instrument):
    instrument.policy.before, instrument.policy.after = 15, 30
    instrument.policy.save()
    book_time(instrument, monday, award, by=researcher)
    with pytest.raises(Taken):
        book_time(instrument, later(monday, hours=2), award, by=researcher)
    assert book_time(instrument, later(monday, hours=3), award, by=researcher)


@pytest.mark.parametrize(
    "who", ["stranger_researcher", "stranger_focal_point", "stranger_operator", "operator", "donor", "reviewer"]
)
def test_nobody_else_books_the_hours(request, instrument, award, monday, who):
    with pytest.raises(Forbidden):
        book_time(instrument, monday, award, by=request.getfixturevalue(who))
    assert not Booking.objects.exists()


def test_those_who_take_part_share_the_award(instrument, award, monday, researcher):
    colleague = UserFactory()
    with pytest.raises(Refused) as refusal:
        book_time(instrument, monday, award, by=researcher, participants=[researcher, colleague])
    assert refusal.value.codes == ["not_of_the_award"]
    award.members.add(colleague)
    booking = book_time(instrument, monday, award, by=researcher, participants=[researcher, colleague])
    assert set(booking.participants.all()) == {researcher, colleague}


def test_more_than_the_balance_is_refused(instrument, award, monday, researcher):
    type(award).objects.filter(pk=award.pk).update(balance_minutes=60)
    with pytest.raises(Refused) as refusal:
        book_time(instrument, monday, award, by=researcher)
    assert refusal.value.codes == ["not_enough_hours"]
    assert not Booking.objects.exists()


def test_a_second_write_that_fails_leaves_nothing(instrument, award, monday, researcher, monkeypatch):
    def broken(*args, **kwargs):
        raise DatabaseError("disk full")

    monkeypatch.setattr(booking_actions, "record", broken)
    with pytest.raises(DatabaseError):
        book_time(instrument, monday, award, by=researcher)
    award.refresh_from_db()
    assert award.balance_minutes == 600
    assert not Booking.objects.exists()
    assert not Notification.objects.exists()
    assert LedgerEntry.objects.filter(award=award).count() == 1


def test_a_refused_second_deed_leaves_no_trace(instrument, award, monday, researcher, operator):
    booking = book_time(instrument, monday, award, by=researcher)
    cancel_booking(booking, by=researcher)
    before = Record.objects.count(), Notification.objects.count()
    with pytest.raises(WrongState):
        cancel_booking(booking, by=researcher)
    assert (Record.objects.count(), Notification.objects.count()) == before
