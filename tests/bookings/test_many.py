"""Pages and endpoints ask the database as often for ten thousand bookings in view as for ten."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test.utils import CaptureQueriesContext

from bookings.enums import BookingState
from bookings.models import Booking, Session
from bookings.week import week_name
from instruments.models import Unit
from tests.factories.bookings import next_monday_at
from tests.factories.calls import AwardFactory
from tests.factories.instruments import InstrumentFactory

UNITS, A_DAY, DAYS = 250, 8, 5  # times each other ten thousand
FEW, MANY = 10, UNITS * A_DAY * DAYS
PAGES = [
    ("holder", "/en/instruments/platform/book/?week={week}"),
    ("holder", "/en/bookings/"),
    ("holder", "/api/v1/bookings/"),
    ("holder", "/api/v1/instruments/platform/availability/?from={start}&to={end}"),
    ("operator", "/en/lab/"),
]


@pytest.fixture
def platform(laboratory):
    return InstrumentFactory(slug="platform", organisation=laboratory, units=UNITS)


@pytest.fixture
def granted(platform, institute, researcher):
    return AwardFactory(holder=researcher, organisation=institute, instrument=platform, granted_minutes=FEW * 60)


def fill(award, count):
    """`count` confirmed hours in the week after next, with their sessions."""
    monday = next_monday_at(8)
    units = list(Unit.objects.filter(instrument=award.instrument).values_list("pk", flat=True))
    hours = [
        (unit, monday + timedelta(days=day, hours=hour))
        for unit in units
        for day in range(DAYS)
        for hour in range(A_DAY)
    ][:count]
    rows = [
        Booking(
            instrument=award.instrument,
            unit_id=unit,
            period=DateTimeTZRange(start, start + timedelta(hours=1)),
            occupied=DateTimeTZRange(start, start + timedelta(hours=1)),
            award=award,
            organisation=award.organisation,
            minutes=60,
            booked_by=award.holder,
            state=BookingState.CONFIRMED,
        )
        for unit, start in hours
    ]
    Booking.objects.bulk_create(rows, batch_size=2000)
    Session.objects.bulk_create(
        [Session(booking=row, starts_at=row.start, ends_at=row.end) for row in rows], batch_size=2000
    )


def statements(client, address):
    client.get(address)  # what a process reads once is read
    with CaptureQueriesContext(connection) as asked:
        response = client.get(address)
    assert response.status_code == 200, address
    return [query["sql"] for query in asked]


def test_ten_thousand_in_view_cost_as_many_statements_as_ten(client, granted, researcher, operator):
    people = {"holder": researcher, "operator": operator}
    monday = next_monday_at(0)
    places = {
        "week": week_name(monday.date()),
        "start": monday.strftime("%Y-%m-%dT%H:%MZ"),
        "end": (monday + timedelta(days=7)).strftime("%Y-%m-%dT%H:%MZ"),
    }

    def count() -> dict[str, int]:
        found = {}
        for who, page in PAGES:
            client.force_login(people[who])
            found[page] = len(statements(client, page.format(**places)))
        return found

    fill(granted, FEW)
    few = count()
    Booking.objects.all().delete()
    fill(granted, MANY)
    assert Booking.objects.count() == 10_000
    assert count() == few
