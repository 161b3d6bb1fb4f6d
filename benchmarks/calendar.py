"""A calendar of 2,000 events, as a calendar program reads it: CPU, statements, weight, and what it costs unchanged.

`run()` needs Django set up on a database that may be written to; it undoes everything it wrote.
"""

from datetime import datetime, timedelta
from typing import Any

import icalendar
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benchmarks.common import counted, cpu_milliseconds, figure
from bookings.actions.calendar import make_calendar
from bookings.enums import BookingState
from bookings.models import Booking, CalendarFeed
from calls.models import Award
from instruments.models import Instrument
from portal.accounts.models import Organisation, User
from portal.core.sealing import unseal

EVENTS, TIMES, BAR = 2_000, 20, 100  # the bar in milliseconds of CPU, application and database together
HOUR = timedelta(hours=1)


def run() -> list[dict[str, Any]]:
    """Measure; return one line a figure."""
    with transaction.atomic():
        reader = User.objects.create_user(
            "bench-calendar@example.org", name="Amina", language="fr", time_zone="Africa/Nairobi"
        )
        other = User.objects.create_user("bench-other@example.org", name="Élodie Other")
        instrument = _plant(reader, other)
        figures = [
            *_measured("own calendar", make_calendar(by=reader)),
            *_measured("calendar of an instrument, busy times", make_calendar(instrument, by=other)),
            figure("2,000 events written by the library icalendar", cpu_milliseconds(_by_library, 1), "ms"),
        ]
        transaction.set_rollback(True)
    return figures


def _measured(name: str, link: CalendarFeed) -> list[dict[str, Any]]:
    client, address = Client(headers={"Accept-Encoding": "gzip"}), _address(link)
    with counted() as statements:
        answer = client.get(address)
    tag = {"If-None-Match": answer["ETag"]}
    whole = cpu_milliseconds(lambda _n: client.get(address), TIMES)
    same = cpu_milliseconds(lambda _n: client.get(address, headers=tag), TIMES)
    events = Client().get(address).content.count(b"BEGIN:VEVENT")
    is_same = client.get(address, headers=tag).status_code == 304
    return [
        figure(f"{name}: events", events, "events", f"{EVENTS:,}", ok=events == EVENTS),
        figure(f"{name}: CPU", whole, "ms", f"below {BAR}", ok=whole < BAR),
        figure(f"{name}: CPU when unchanged (304)", same, "ms", f"below {BAR}", ok=is_same and same < BAR),
        figure(f"{name}: statements", len(statements), "statements", "at most 7", ok=len(statements) <= 7),
        figure(f"{name}: weight", len(answer.content) / 1000, "kB"),
    ]


def _address(link: CalendarFeed) -> str:
    return reverse("calendar:feed", args=[unseal(link.sealed_token)])


def _plant(reader: User, other: User) -> Instrument:
    """Bookings of an hour each, one after the other around now, on one unit; two people take part in each."""
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    place = Organisation.objects.create(
        name="Université de Grenoble", slug="bench-calendar", kind="university", country="FR", time_zone="Europe/Paris"
    )
    instrument = Instrument.objects.create(
        name="Diffractomètre", slug="bench-calendar", organisation=place, place="Grenoble", time_zone="Europe/Paris",
        state="listed",
    )  # fmt: skip
    award = Award.objects.create(
        title="Complexes de cuivre du lac Magadi", holder=reader, organisation=place, instrument=instrument,
        granted_minutes=6000, balance_minutes=6000, valid_from=now.date(), valid_until=now.date(), state="active",
    )  # fmt: skip
    unit = instrument.units.create(name="1")
    rows = Booking.objects.bulk_create(
        Booking(
            instrument=instrument, unit=unit, award=award, organisation=place, booked_by=reader, minutes=60,
            state=BookingState.CONFIRMED, version=number % 3, **_hour(now + (number - EVENTS // 3) * HOUR),
        )
        for number in range(EVENTS)
    )  # fmt: skip
    people = [reader, *[User.objects.create_user(f"bench-{n}@example.org", name=f"Béatrice {n}") for n in range(2)]]
    part = Booking.participants.through
    part.objects.bulk_create(part(booking=row, user=user) for row in rows for user in people[:2])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return instrument


def _hour(start: datetime) -> dict[str, DateTimeTZRange]:
    period = DateTimeTZRange(start, start + HOUR)
    return {"period": period, "occupied": period}


def _by_library(_number: int) -> bytes:
    """The same number of events with the same properties, texts and times already there."""
    calendar, now = icalendar.Calendar(), timezone.now()
    for number in range(EVENTS):
        event = icalendar.Event()
        for name, value in (
            ("uid", f"{number}@portal.example"), ("dtstamp", now), ("sequence", 0), ("dtstart", now),
            ("dtend", now + HOUR), ("summary", "Diffractomètre"), ("status", "CONFIRMED"), ("transp", "OPAQUE"),
            ("description", "lundi 22 mars 2027, 11:00–13:00\n" * 6), ("location", "Grenoble"),
            ("url", "https://portal.example/fr/bookings/ABCDEFGH/"),
        ):  # fmt: skip
            event.add(name, value)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
