"""Every clock change of 2027 in five laboratories: what is offered can be booked, costs what passes, and stays put."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from bookings.actions.booking import book_time
from bookings.facts import Facts, period_from
from bookings.free import Occupancy, free_slots
from bookings.models import Booking
from bookings.policy import reasons_against
from bookings.slots import DAY, MINUTE, Span, wall_moment
from calls.models import Award
from instruments.models import Instrument
from portal.core.errors import Refused
from tests.factories.accounts import MembershipFactory
from tests.factories.calls import AwardFactory
from tests.factories.instruments import InstrumentFactory

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
# Where, the moment (UTC) at which clocks change, and by how many minutes. Morocco leaves its summer time for Ramadan;
# Egypt changes at midnight. Source: IANA time zone database.
CHANGES = [
    ("Africa/Cairo", "2027-04-29T22:00", 60),
    ("Africa/Cairo", "2027-10-28T21:00", -60),
    ("Africa/Casablanca", "2027-02-07T02:00", -60),
    ("Africa/Casablanca", "2027-03-14T02:00", 60),
    ("Europe/Paris", "2027-03-28T01:00", 60),
    ("Europe/Paris", "2027-10-31T01:00", -60),
    ("America/New_York", "2027-03-14T07:00", 60),
    ("America/New_York", "2027-11-07T06:00", -60),
    ("Australia/Sydney", "2027-04-03T16:00", -60),
    ("Australia/Sydney", "2027-10-02T16:00", 60),
]
EVERY_CHANGE = pytest.mark.parametrize(
    ("zone", "change", "minutes"), CHANGES, ids=[f"{zone}-{change[:10]}" for zone, change, _ in CHANGES]
)
BACK = [(zone, change) for zone, change, minutes in CHANGES if minutes < 0]
FORWARD = [(zone, change) for zone, change, minutes in CHANGES if minutes > 0]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture(autouse=True)
def new_year(time_machine) -> None:
    time_machine.move_to(datetime(2027, 1, 11, 8, tzinfo=UTC), tick=False)


def laboratory(zone: str, **policy: object) -> Instrument:
    """Open around the clock, all year bookable."""
    rules = {"horizon_days": 400, "longest": 4320} | policy
    return InstrumentFactory(time_zone=zone, hours=[(day, 0, 1440) for day in range(7)], policy=rules)


def hours_on(instrument: Instrument) -> Award:
    award = AwardFactory(instrument=instrument, valid_from="2027-01-01", valid_until="2027-12-31", granted_minutes=6000)
    MembershipFactory(user=award.holder, organisation=award.organisation)
    award.refresh_from_db()
    return award


def the_day(zone: str, change: str) -> Span:
    """The day on which the clock shows another time than a clock that was not touched, midnight to midnight."""
    place = ZoneInfo(zone)
    day = moment(change).astimezone(place).date()
    if wall_moment(day, 0, place) == moment(change) and moment(change).astimezone(place).hour == 0:
        day -= DAY
    return Span(wall_moment(day, 0, place), wall_moment(day + DAY, 0, place))


def offered(instrument: Instrument, window: Span, minutes: int) -> list[Span]:
    facts = Facts.read(instrument, window)
    return list(free_slots(facts, minutes, timezone.now(), Occupancy.read(facts)))


@EVERY_CHANGE
def test_the_table_names_the_clock_changes(zone: str, change: str, minutes: int) -> None:
    before, after = ((moment(change) + step).astimezone(ZoneInfo(zone)).utcoffset() for step in (-MINUTE, timedelta()))
    assert after - before == minutes * MINUTE


@EVERY_CHANGE
def test_every_hour_of_the_day_is_offered_once(zone: str, change: str, minutes: int) -> None:
    day = the_day(zone, change)
    assert day.minutes == 1440 - minutes
    slots = offered(laboratory(zone), day, 60)
    assert len(slots) == day.minutes // 60
    assert (slots[0].start, slots[-1].end) == (day.start, day.end)
    assert all(one.end == next_one.start for one, next_one in pairwise(slots))


@EVERY_CHANGE
@pytest.mark.parametrize(("step", "length"), [(30, 90), (60, 480), (240, 240), (420, 420)])
def test_what_a_page_offers_around_the_change_is_not_refused_on_the_next(
    zone: str, change: str, minutes: int, step: int, length: int
) -> None:
    instrument = laboratory(zone, step=step, shortest=step, longest=1440)
    around = Span(moment(change) - 5 * DAY, moment(change) + 5 * DAY)
    slots = offered(instrument, around, length)
    assert len(slots) >= 9 * (1440 // max(step, length))
    for slot in slots:
        assert reasons_against(Facts.read(instrument, slot), slot, timezone.now()) == []
    narrow = offered(instrument, Span(moment(change), moment(change) + 2 * DAY), length)
    assert narrow == [slot for slot in slots if moment(change) <= slot.start < moment(change) + 2 * DAY]


@EVERY_CHANGE
def test_the_night_of_the_change_costs_the_hours_that_pass(zone: str, change: str, minutes: int) -> None:
    """From 20:00 to 08:00 on the laboratory's clock."""
    instrument = laboratory(zone)
    award, place = hours_on(instrument), ZoneInfo(zone)
    day = (moment(change) - HOUR).astimezone(place).date()
    evening = day if (moment(change) - HOUR).astimezone(place).hour >= 20 else day - DAY
    night = Span(wall_moment(evening, 1200, place), wall_moment(evening + DAY, 480, place))
    booking = book_time(instrument, night, award, by=award.holder)
    award.refresh_from_db()
    assert booking.minutes == 720 - minutes
    assert award.balance_minutes == 6000 - 720 + minutes
    booking.refresh_from_db()
    assert booking.span == night


@EVERY_CHANGE
@pytest.mark.parametrize("day_starts", [0, 30, 90, 150, 600, 1410])
def test_whole_days_meet_without_gap_and_always_cost_a_day(
    zone: str, change: str, minutes: int, day_starts: int
) -> None:
    """Even where the hour at which days begin is skipped that night, or comes twice."""
    instrument = laboratory(zone, whole_days=True, day_starts=day_starts, step=60, shortest=1440)
    around = Span(moment(change) - 3 * DAY, moment(change) + 3 * DAY)
    days = offered(instrument, around, 1440)
    assert len(days) >= 5
    assert all(one.end == next_one.start for one, next_one in pairwise(days))
    assert sum(day.minutes for day in days) == 1440 * len(days) - minutes
    award = hours_on(instrument)
    three = [day for day in days if abs(day.start - moment(change)) < 36 * HOUR]
    for day in three:
        assert period_from(instrument, day.start, 1440) == day
        book_time(instrument, day, award, by=award.holder)
    award.refresh_from_db()
    assert award.balance_minutes == 6000 - 1440 * len(three)


@pytest.mark.parametrize(("zone", "change"), BACK)
def test_the_hour_that_comes_twice_is_two_hours(zone: str, change: str) -> None:
    """Both carry their offset; the same wall time without it is none of them."""
    instrument = laboratory(zone)
    award, place = hours_on(instrument), ZoneInfo(zone)
    first, second = moment(change) - HOUR, moment(change)
    walls = {when.astimezone(place).replace(tzinfo=None) for when in (first, second)}
    assert len(walls) == 1
    api = APIClient()
    api.force_login(award.holder)
    wish = {"instrument": instrument.slug, "award": award.ref}
    for when in (first, second):
        period = {"start": when.astimezone(place).isoformat(), "end": (when + HOUR).astimezone(place).isoformat()}
        assert api.post("/api/v1/bookings/", wish | period, format="json").status_code == 201
    wall = {"start": walls.pop().isoformat(), "end": (second + HOUR).isoformat()}
    assert api.post("/api/v1/bookings/", wish | wall, format="json").status_code == 400
    assert [booking.start for booking in Booking.objects.in_order()] == [first, second]


@pytest.mark.parametrize(("zone", "change"), FORWARD)
def test_in_the_hour_that_does_not_exist_nothing_is_offered_and_no_wall_time_is_taken(
    client, zone: str, change: str
) -> None:
    instrument = laboratory(zone, step=30, shortest=30)
    award, place = hours_on(instrument), ZoneInfo(zone)
    skipped = (moment(change).astimezone(place) - HOUR / 2).replace(tzinfo=None)
    shown = [
        slot.start.astimezone(place).replace(tzinfo=None) for slot in offered(instrument, the_day(zone, change), 30)
    ]
    assert skipped not in shown
    client.force_login(award.holder)
    for wall in (skipped, skipped + HOUR):  # a time without its offset is none, whether the clock shows it or not
        asked = {"slot": wall.isoformat(), "length": 30, "award": award.ref}
        assert client.get(f"/en/instruments/{instrument.slug}/book/check/", asked).status_code == 400
    assert not Booking.objects.exists()


@EVERY_CHANGE
def test_a_week_with_a_change_is_one_week_to_the_limit(zone: str, change: str, minutes: int) -> None:
    instrument, place = laboratory(zone, weekly_limit=600), ZoneInfo(zone)
    facts = Facts.read(instrument, the_day(zone, change))
    week = facts.week_of(moment(change))
    assert week.minutes in (7 * 1440, 7 * 1440 - minutes)
    assert [edge.astimezone(place).strftime("%a %H:%M") for edge in (week.start, week.end)] == ["Mon 00:00"] * 2
    award = hours_on(instrument)
    book_time(instrument, Span(week.start, week.start + 4 * HOUR), award, by=award.holder)
    book_time(instrument, Span(week.end - 6 * HOUR, week.end), award, by=award.holder)
    with pytest.raises(Refused) as refusal:
        book_time(instrument, Span(week.end - 8 * HOUR, week.end - 6 * HOUR), award, by=award.holder)
    assert refusal.value.codes == ["weekly_limit"]
    book_time(instrument, Span(week.end, week.end + 10 * HOUR), award, by=award.holder)
