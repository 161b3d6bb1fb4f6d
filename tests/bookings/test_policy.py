"""Every rule says no with its code, and yes where it should."""

from datetime import datetime, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from bookings.actions.booking import book_time
from bookings.facts import Facts
from bookings.free import Occupancy, free_slots
from bookings.policy import in_words, reasons_against
from bookings.slots import Span
from calls.enums import AwardState
from instruments.enums import InstrumentState
from instruments.models import Closure, Instrument
from portal.core.errors import Refused
from tests.factories.bookings import BookingFactory
from tests.factories.instruments import InstrumentFactory

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def codes(instrument, period, award=None):
    facts = Facts.read(instrument, period)
    return [reason.code for reason in reasons_against(facts, period, timezone.now(), award)]


def set_policy(instrument, **fields):
    for name, value in fields.items():
        setattr(instrument.policy, name, value)
    instrument.policy.save()


def test_what_follows_every_rule_is_allowed(instrument, award, monday):
    assert codes(instrument, monday, award) == []


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (timedelta(days=-28), timedelta(days=-28), "in_the_past"),
        (timedelta(days=91), timedelta(days=91), "too_far"),
        (timedelta(hours=-4), timedelta(hours=-4), "outside_hours"),
        (timedelta(hours=5), timedelta(hours=6), "outside_hours"),
        (timedelta(days=5), timedelta(days=5), "outside_hours"),
        (timedelta(minutes=30), timedelta(minutes=30), "off_step"),
        (timedelta(), timedelta(minutes=-90), "too_short"),
        (timedelta(hours=-2), timedelta(hours=6, minutes=30), "too_long"),
        (timedelta(hours=2), timedelta(), "empty"),
    ],
)
def test_times_against_the_rules(instrument, monday, start, end, expected):
    assert expected in codes(instrument, Span(monday.start + start, monday.end + end))


def test_notice(instrument, monday, time_machine):
    set_policy(instrument, notice=180)
    time_machine.move_to(monday.start - 2 * HOUR, tick=False)
    assert codes(instrument, monday) == ["too_soon"]
    time_machine.move_to(monday.start - 3 * HOUR, tick=False)
    assert codes(instrument, monday) == []


def test_a_closure_of_the_instrument_and_one_of_its_unit(instrument, award, researcher, monday):
    unit = instrument.units.get()
    closure = Closure.objects.create(
        instrument=instrument,
        period=DateTimeTZRange(monday.start + HOUR, monday.end + HOUR),
        reason="Service",
    )
    assert codes(instrument, monday) == ["closed"]
    closure.unit = unit
    closure.save()
    with pytest.raises(Refused) as refusal:
        book_time(instrument, monday, award, by=researcher)
    assert refusal.value.codes == ["taken"]
    instrument.units.create(name="Unit 2")
    assert book_time(instrument, monday, award, by=researcher).unit.name == "Unit 2"


@pytest.mark.parametrize("state", sorted(set(InstrumentState) - {InstrumentState.LISTED}))
def test_only_a_listed_instrument_is_booked(instrument, monday, state):
    Instrument.objects.filter(pk=instrument.pk).update(state=state)
    assert codes(instrument, monday) == ["not_listed"]


def test_without_a_unit_in_service_nothing_is_booked(instrument, monday):
    instrument.units.update(is_active=False)
    assert codes(instrument, monday) == ["no_unit"]


@pytest.mark.parametrize("state", sorted(set(AwardState) - {AwardState.ACTIVE}))
def test_only_an_active_award_is_booked_with(instrument, award, monday, state):
    award.state = state
    assert codes(instrument, monday, award) == ["award_not_active"]


def test_an_award_is_for_its_instrument_and_its_days(instrument, award, monday):
    assert codes(InstrumentFactory(), monday, award) == ["other_instrument"]
    award.valid_from = monday.start.date() + timedelta(days=1)
    assert codes(instrument, monday, award) == ["outside_award"]
    award.valid_from, award.valid_until = monday.start.date(), monday.start.date()
    assert codes(instrument, monday, award) == []


def test_limits_per_award(instrument, award, researcher, monday):
    set_policy(instrument, weekly_limit=180)
    book_time(instrument, monday, award, by=researcher)
    with pytest.raises(Refused) as refusal:
        book_time(instrument, Span(monday.start + 24 * HOUR, monday.end + 24 * HOUR), award, by=researcher)
    assert refusal.value.codes == ["weekly_limit"]
    next_week = Span(monday.start + timedelta(days=7), monday.end + timedelta(days=7))
    book_time(instrument, next_week, award, by=researcher)
    set_policy(instrument, weekly_limit=None, open_bookings_limit=2)
    with pytest.raises(Refused) as refusal:
        book_time(instrument, Span(monday.start + 48 * HOUR, monday.end + 48 * HOUR), award, by=researcher)
    assert refusal.value.codes == ["open_limit"]


def test_whole_days(monday, time_machine):
    time_machine.move_to(datetime.fromisoformat("2027-03-01T00:00+00:00"), tick=False)
    instrument = InstrumentFactory(
        hours=[(day, 0, 1440) for day in range(7)],
        policy={"whole_days": True, "day_starts": 600, "step": 60, "shortest": 1440, "longest": 4320},
    )
    good = Span(datetime.fromisoformat("2027-03-27T10:00+01:00"), datetime.fromisoformat("2027-03-28T10:00+02:00"))
    assert codes(instrument, good) == []
    assert "off_step" in codes(instrument, Span(good.start, good.end + HOUR))


def test_free_slots_leave_out_what_is_taken_with_its_change_over(instrument, award, monday):
    set_policy(instrument, before=30, after=30)
    booking = BookingFactory(award=award, start=monday.start)
    booking.occupied = DateTimeTZRange(monday.start - HOUR / 2, monday.end + HOUR / 2)
    booking.save()
    facts = Facts.read(instrument, Span(monday.start - 5 * HOUR, monday.end + 9 * HOUR))
    free = list(free_slots(facts, 60, timezone.now(), Occupancy.read(facts)))
    assert all(
        not slot.widened(HOUR / 2, HOUR / 2).overlaps(Span(booking.occupied.lower, booking.occupied.upper))
        for slot in free
    )
    assert len(free) >= 3


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (45, "45 minutes"),
        (60, "1 hour"),
        (90, "1 hour 30 minutes"),
        (1440, "24 hours"),
        (2880, "2 days"),
        (0, "0 minutes"),
    ],
)
def test_lengths_in_words(minutes, words):
    assert in_words(minutes) == words
