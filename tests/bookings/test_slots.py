"""Wall time to moments: clock changes in the zones that have surprised others, and properties that hold anywhere."""

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.slots import (
    Span,
    Stretch,
    common,
    day_slots,
    debited_minutes,
    hour_slots,
    joined,
    open_spans,
    wall_moment,
)

ZONES = ["Africa/Cairo", "Africa/Casablanca", "Europe/Paris", "America/New_York", "Australia/Sydney", "UTC"]
ALL_WEEK = [Stretch(day, 0, 1440) for day in range(7)]
HOUR = timedelta(hours=1)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "minutes", "last", "moment"),
    [
        ("Europe/Paris", date(2027, 3, 28), 150, False, "2027-03-28T01:00"),  # skipped: the jump
        ("Europe/Paris", date(2027, 10, 31), 150, False, "2027-10-31T00:30"),  # twice: the first
        ("Europe/Paris", date(2027, 10, 31), 150, True, "2027-10-31T01:30"),  # twice: the second
        ("Europe/Paris", date(2027, 3, 28), 1440, False, "2027-03-28T22:00"),
        ("Africa/Cairo", date(2027, 4, 30), 0, False, "2027-04-29T22:00"),  # midnight itself is skipped
        ("Africa/Nairobi", date(2027, 4, 30), 600, False, "2027-04-30T07:00"),
    ],
)
def test_wall_time_meets_the_clock_changes(zone, day, minutes, last, moment):
    assert wall_moment(day, minutes, ZoneInfo(zone), last=last) == utc(moment)


@pytest.mark.parametrize(("day", "hours"), [(date(2027, 3, 28), 23), (date(2027, 10, 31), 25), (date(2027, 6, 1), 24)])
def test_a_day_open_around_the_clock_has_its_true_length(day, hours):
    (span,) = open_spans(ALL_WEEK, ZoneInfo("Europe/Paris"), day, day)
    assert span.minutes == hours * 60


def test_stretches_that_meet_at_midnight_are_one():
    week = [Stretch(0, 1200, 1440), Stretch(1, 0, 360)]
    spans = open_spans(week, ZoneInfo("UTC"), date(2027, 3, 22), date(2027, 3, 23))
    assert spans == [Span(utc("2027-03-22T20:00"), utc("2027-03-23T06:00"))]


def test_whole_days_begin_and_end_at_the_same_wall_time_over_a_clock_change():
    zone = ZoneInfo("Europe/Paris")
    day = date(2027, 3, 27)
    opening = open_spans(ALL_WEEK, zone, day - timedelta(days=2), day + timedelta(days=3))
    (slot,) = day_slots(opening, zone, 600, 1, day, day)
    assert (slot.start, slot.end) == (utc("2027-03-27T09:00"), utc("2027-03-28T08:00"))
    assert slot.minutes == 23 * 60
    assert debited_minutes(slot, zone, whole_days=True) == 1440
    assert debited_minutes(slot, zone, whole_days=False) == 1380


days = st.dates(date(2026, 1, 1), date(2029, 12, 31))
zones = st.sampled_from(ZONES).map(ZoneInfo)


@given(days, zones, st.integers(0, 1440))
def test_a_wall_moment_shows_its_wall_time_unless_the_clock_skips_it(day, zone, minutes):
    moment = wall_moment(day, minutes, zone)
    wall = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minutes)
    shown = moment.astimezone(zone).replace(tzinfo=None)
    before = (moment - timedelta(minutes=1)).astimezone(zone).replace(tzinfo=None)
    assert shown == wall or before < wall < shown
    assert moment <= wall_moment(day, minutes, zone, last=True)


@given(days, zones, st.integers(0, 22), st.integers(1, 8), st.sampled_from([15, 30, 60]))
def test_slots_lie_within_opening_hours_on_the_step(day, zone, opens, length, step):
    week = [Stretch(weekday, opens * 60, 1440) for weekday in range(7)]
    opening = open_spans(week, zone, day, day + timedelta(days=6))
    for slot in hour_slots(opening, timedelta(minutes=step), length * HOUR):
        assert any(span.covers(slot) for span in opening)
        assert slot.end - slot.start == length * HOUR


moments = st.integers(0, 200).map(lambda n: utc("2027-03-22T00:00") + timedelta(minutes=n))
spans = st.lists(
    st.tuples(moments, st.integers(1, 40)).map(lambda pair: Span(pair[0], pair[0] + timedelta(minutes=pair[1]))),
    max_size=8,
)


def minutes_of(found):
    return {span.start + timedelta(minutes=n) for span in found for n in range(span.minutes)}


@given(spans, spans)
def test_joined_and_common_are_the_union_and_the_intersection(one, other):
    assert minutes_of(joined(one)) == minutes_of(one)
    both = common(joined(one), joined(other))
    assert minutes_of(both) == minutes_of(one) & minutes_of(other)
    assert all(a.end <= b.start for a, b in itertools.pairwise(both))
