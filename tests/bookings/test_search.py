"""The first free time on any of some instruments, by page and by API: the same few statements for one and for many."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from bookings.search import first_free
from bookings.slots import DAY, Span
from instruments.enums import InstrumentState
from instruments.models import Closure
from tests.factories.bookings import BookingFactory, next_monday_at
from tests.factories.calls import AwardFactory
from tests.factories.instruments import InstrumentFactory, TechniqueFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def week():
    """From the Monday after next, for a week."""
    return Span(next_monday_at(0), next_monday_at(0) + 7 * DAY)


def search(user, week, minutes=120, **options):
    return first_free(user, minutes, week, timezone.now(), **options)


def test_each_instrument_answers_with_its_first_free_time(researcher, instrument, award, week, monday):
    """The one that is booked in the morning comes after the one that is not."""
    busy = InstrumentFactory(name="Busy")
    BookingFactory(award=AwardFactory(instrument=busy), start=next_monday_at(7), minutes=420)
    found = search(researcher, week)
    assert [one.instrument for one in found.free] == [instrument, busy]
    first, second = found.free
    assert (first.award, first.has_hours) == (award, True)
    assert (second.award, second.has_hours) == (None, False)
    assert first.period.minutes == second.period.minutes == 120
    assert first.period.start < second.period.start


def test_full_shut_and_unlisted_instruments_have_no_free_time(researcher, week):
    shut = InstrumentFactory()
    Closure.objects.create(instrument=shut, period=(week.start - DAY, week.end + DAY), reason="Moving house")
    InstrumentFactory(state=InstrumentState.SUSPENDED)
    never = InstrumentFactory(hours=[])
    found = search(researcher, week)
    assert found.free == []
    assert {one.instrument for one in found.full} == {shut, never}


def test_the_length_is_one_that_may_be_booked_there(researcher, week):
    days = InstrumentFactory(
        name="A whole day",
        hours=[(day, 0, 1440) for day in range(7)],
        policy={"whole_days": True, "shortest": 1440, "longest": 4320},
    )
    steps = InstrumentFactory(name="By four hours", policy={"step": 240, "shortest": 240, "longest": 480})
    InstrumentFactory(name="Too short", policy={"longest": 60})
    found = search(researcher, week, minutes=120)
    assert {one.instrument: one.minutes for one in found.free} == {days: 1440, steps: 240}


def test_it_is_the_first_time_that_the_hours_can_pay_for(researcher, institute, instrument, week):
    later = (next_monday_at(0) + 2 * DAY).date()
    AwardFactory(holder=researcher, organisation=institute, instrument=instrument, granted_minutes=60)
    award = AwardFactory(holder=researcher, organisation=institute, instrument=instrument, valid_from=later)
    [one] = search(researcher, week).free
    assert one.award == award
    assert one.period.start.date() == later


def test_hours_that_reach_for_no_time_leave_the_first_free_one(researcher, institute, instrument, week):
    AwardFactory(holder=researcher, organisation=institute, instrument=instrument, granted_minutes=60)
    [one] = search(researcher, week).free
    assert one.award is None
    assert one.has_hours
    assert one.period.start.date() == week.start.date()


def test_what_ends_after_the_window_is_not_found(researcher, instrument, monday):
    assert search(researcher, Span(monday.start, monday.start + timedelta(hours=2))).free
    assert search(researcher, Span(monday.start, monday.start + timedelta(minutes=119))).free == []


def test_by_technique_with_what_is_below_it_and_only_mine(researcher, instrument, award, week):
    top = TechniqueFactory(slug="microscopy")
    sem = InstrumentFactory(techniques=[TechniqueFactory(slug="sem", parent=top)])
    assert [one.instrument for one in search(researcher, week, technique="microscopy").free] == [sem]
    assert [one.instrument for one in search(researcher, week, only_mine=True).free] == [instrument]


@pytest.mark.parametrize("count", [1, 3])
def test_four_statements_for_any_number(researcher, week, count, django_assert_num_queries):
    for _ in range(count):
        busy = InstrumentFactory(units=2)
        BookingFactory(award=AwardFactory(instrument=busy))
    with django_assert_num_queries(4):
        found = search(researcher, week)
    assert len(found.free) == count


@pytest.fixture
def as_researcher(client, researcher):
    client.force_login(researcher)
    return client


def asked(week, **query):
    return {"from": week.start.date(), "until": (week.end - DAY).date(), "length": 120} | query


def test_the_page_leads_to_the_check_page_of_a_time_that_can_be_booked(as_researcher, instrument, award, week):
    page = as_researcher.get("/en/instruments/free/", asked(week))
    assert page.status_code == 200
    [line] = page.context["lines"]
    assert "You have hours here" in page.content.decode()
    assert "at the lab in Grenoble" in page.content.decode()
    check = as_researcher.get(line["url"])
    assert check.status_code == 200
    assert "Book this time" in check.content.decode()


def test_without_hours_it_leads_to_the_week(client, stranger_researcher, instrument, week):
    client.force_login(stranger_researcher)
    [line] = client.get("/en/instruments/free/", asked(week)).context["lines"]
    assert "/book/?week=" in line["url"]
    assert client.get(line["url"]).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_for_one_and_three(as_researcher, week, count, django_assert_num_queries):
    for _ in range(count):
        InstrumentFactory()
    with django_assert_num_queries(7):
        page = as_researcher.get("/en/instruments/free/", asked(week))
    assert len(page.context["lines"]) == count


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"length": "7"}, "Select a valid choice"),
        ({"length": "abc"}, "Select a valid choice"),
        ({"technique": "alchemy"}, "Select a valid choice"),
        ({"from": "yesterday"}, "Enter a valid date"),
        ({"from": "0001-01-01"}, "Enter a valid date"),
        ({"until": "2020-01-01", "from": "2019-12-31"}, "These days are over"),
        ({"until": "2999-12-31"}, "at most 31 days"),
        ({"until": ""}, "This field is required"),
    ],
)
def test_bad_input_gets_a_sentence(as_researcher, instrument, week, change, sentence):
    response = as_researcher.get("/en/instruments/free/", asked(week, **change))
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert "<title>Error:" in response.content.decode()


def test_the_last_day_must_not_come_before_the_first(as_researcher, week):
    response = as_researcher.get("/en/instruments/free/", asked(week, **{"from": week.end.date()}))
    assert "must not come before the first" in response.content.decode()


def test_the_api_answers_the_same(researcher, instrument, award, week):
    api = APIClient()
    api.force_login(researcher)
    query = {"from": week.start.isoformat(), "to": week.end.isoformat(), "minutes": 240}
    [row] = api.get("/api/v1/free-time/", query).json()["results"]
    [one] = search(researcher, week, minutes=240).free
    assert (row["instrument"], row["award"], row["minutes"]) == (instrument.slug, award.ref, 240)
    assert datetime.fromisoformat(row["start"]) == one.period.start
    assert api.get("/api/v1/free-time/", query | {"technique": "alchemy"}).status_code == 400
    assert api.get("/api/v1/free-time/", query | {"to": week.start.isoformat()}).status_code == 400
    assert api.get("/api/v1/free-time/", query | {"minutes": 0}).status_code == 400
    assert APIClient().get("/api/v1/free-time/", query).status_code in (401, 403)
