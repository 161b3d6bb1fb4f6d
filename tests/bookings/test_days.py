"""The page of a single day beside that of a week: every step, closures in words, and what reaches in from before."""

from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings.slots import DAY
from bookings.week import window_of
from instruments.models import Closure
from tests.factories.bookings import BookingFactory, next_monday_at
from tests.factories.calls import AwardFactory
from tests.factories.instruments import InstrumentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_researcher(client, researcher):
    client.force_login(researcher)
    return client


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Africa/Cairo", date(2027, 4, 30), 23),  # it begins with the jump: there is no midnight
        ("Africa/Cairo", date(2027, 10, 28), 25),
        ("Atlantic/Azores", date(2027, 10, 31), 25),  # midnight comes twice
        ("Europe/Paris", date(2027, 3, 22), 24),
    ],
)
def test_a_day_is_as_long_as_its_clock_makes_it(zone, day, hours):
    window = window_of(day, ZoneInfo(zone), 1)
    assert (window.end - window.start, window.start.tzinfo) == (timedelta(hours=hours), UTC)


def read(client, instrument, **query):
    return client.get(f"/en/instruments/{instrument.slug}/book/", query)


def test_a_day_shows_its_slots_and_the_way_back_to_its_week(as_researcher, instrument, award, monday):
    day = monday.start.date()
    response = read(as_researcher, instrument, day=day, length=120)
    [shown] = response.context["week"].days
    assert shown.day == day
    assert shown.free == 7
    page = response.content.decode()
    assert f"?day={day + DAY}&amp;length=120&amp;award={award.ref}" in page
    assert f"?day={day - DAY}&amp;" in page
    assert "See the whole week" in page
    assert f"?day={day}&amp;" in read(as_researcher, instrument, week=f"{day:%G-W%V}").content.decode()


def test_a_day_leaves_no_step_out_where_a_week_would_grow_too_long(as_researcher, researcher, institute, monday):
    hours = [(day, 0, 1440) for day in range(7)]
    often = InstrumentFactory(hours=hours, policy={"step": 30, "shortest": 30, "horizon_days": 365})
    AwardFactory(holder=researcher, organisation=institute, instrument=often)
    day = monday.start.date()
    week = read(as_researcher, often, week=f"{day:%G-W%V}", length=30).context["week"]
    [one] = read(as_researcher, often, day=day, length=30).context["week"].days
    assert one.free == 48
    assert next(shown.free for shown in week.days if shown.day == day) == 16


def test_a_closure_is_said_and_offers_no_slot(as_researcher, instrument, award, monday):
    Closure.objects.create(instrument=instrument, period=(monday.start, monday.end), reason="New detector")
    response = read(as_researcher, instrument, day=monday.start.date(), length=120)
    [day] = response.context["week"].days
    assert [(entry.span, entry.kind) for entry in day.entries if entry.kind != "free"] == [(monday, "closed")]
    assert "Closed" in response.content.decode()


def test_a_booking_that_began_the_day_before_is_shown(as_researcher, researcher, institute, instrument, monday):
    around = InstrumentFactory(hours=[(day, 0, 1440) for day in range(7)], policy={"longest": 4320})
    award = AwardFactory(holder=researcher, organisation=institute, instrument=around)
    BookingFactory(award=award, start=next_monday_at(20), minutes=720)
    [day] = read(as_researcher, around, day=next_monday_at(0).date() + DAY).context["week"].days
    assert day.entries[0].kind == "own"


@pytest.mark.parametrize("day", ["nonsense", "2027-02-30", "0001-01-01", "9999-12-31", "20270322", ""])
def test_what_is_no_day_shows_this_week(as_researcher, instrument, award, day):
    response = read(as_researcher, instrument, day=day)
    assert response.status_code == 200
    assert len(response.context["week"].days) == 7


def test_a_day_of_a_clock_change_says_so(client, researcher, instrument, time_machine):
    time_machine.move_to("2027-03-01T12:00:00Z")
    client.force_login(researcher)
    page = read(client, instrument, day="2027-03-28").content.decode()
    assert "Clocks in Paris go forward by 1 h on Sunday 28 March 2027" in page
    assert "Clocks in Paris" not in read(client, instrument, day="2027-03-29").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_a_day_takes_the_same_queries_for_one_and_three(
    as_researcher, instrument, award, monday, count, django_assert_num_queries
):
    for n in range(count):
        BookingFactory(award=award, start=monday.start + timedelta(hours=2 * n))
    with django_assert_num_queries(5):
        read(as_researcher, instrument, day=monday.start.date())
