"""Own bookings by week: whose they are, on which day they stand, and a fixed number of queries."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings.models import Booking
from bookings.week import week_name
from tests.factories.accounts import UserFactory
from tests.factories.bookings import BookingFactory
from tests.factories.calls import AwardFactory

pytestmark = pytest.mark.django_db


def shown(client, moment):
    return client.get(f"/en/bookings/agenda/?week={week_name(moment.date())}")


def days(response):
    return {day: [booking for booking, _ in rows] for day, rows in response.context["days"] if rows}


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("researcher", True),
        ("focal_point", True),
        ("operator", False),
        ("staff", False),
        ("stranger_focal_point", False),
    ],
)
def test_own_bookings_are_those_of_the_own_side(client, request, award, monday, who, sees):
    booking = BookingFactory(award=award, start=monday.start)
    person = request.getfixturevalue(who)
    assert Booking.objects.of_person(person).exists() is sees
    client.force_login(person)
    assert (booking.ref in shown(client, monday.start).content.decode()) is sees


def test_who_takes_part_sees_it_too(client, award, monday):
    guest = UserFactory()
    booking = BookingFactory(award=award, start=monday.start, participants=[guest])
    client.force_login(guest)
    assert booking.ref in shown(client, monday.start).content.decode()


def test_the_day_is_the_readers_and_the_past_of_a_long_one_stands_on_monday(client, researcher, award, monday):
    researcher.time_zone = "Pacific/Auckland"
    researcher.save()
    client.force_login(researcher)
    late = BookingFactory(award=award, start=monday.start.replace(hour=15))  # Tuesday there
    begun = BookingFactory(award=award, start=monday.start - timedelta(days=2), minutes=2880, session=False)
    response = shown(client, monday.start)
    zone = ZoneInfo("Pacific/Auckland")
    assert days(response) == {
        monday.start.date(): [begun],
        late.start.astimezone(zone).date(): [late],
    }
    assert dict(response.context["days"])[monday.start.date()] == [(begun, True)]


def test_what_was_given_up_is_left_out(client, researcher, award, monday):
    BookingFactory(award=award, start=monday.start, state="cancelled")
    client.force_login(researcher)
    response = shown(client, monday.start)
    assert days(response) == {}
    assert "Nothing booked" in response.content.decode()


@pytest.mark.parametrize("week", ["nonsense", "9999-W52", "0001-W01", "%00", "2027-W60"])
def test_nonsense_shows_this_week(client, researcher, week):
    client.force_login(researcher)
    assert client.get(f"/en/bookings/agenda/?week={week}").status_code == 200


def test_the_week_of_a_clock_change_says_so(client, operator, time_machine):
    client.force_login(operator)
    page = client.get("/en/bookings/agenda/?week=2027-W12").content.decode()
    assert "Clocks in Paris go forward" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_agenda_takes_the_same_queries_for_one_and_three(
    client, researcher, award, monday, count, django_assert_num_queries
):
    for n in range(count):
        BookingFactory(award=award, start=monday.start + timedelta(days=n))
        BookingFactory(award=AwardFactory(), start=monday.start + timedelta(days=n))
    client.force_login(researcher)
    with django_assert_num_queries(5):
        response = shown(client, monday.start)
    assert sum(map(len, days(response).values())) == count
