"""The calendar behind a secret address: a person's own bookings, or an instrument's as this person sees them.

An instrument's has its closures too, which its page says to everybody.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from bookings.calendars.events import COLUMNS, Events, Line, Person
from bookings.calendars.ical import Event, calendar, escaped
from bookings.models import Booking, CalendarFeed
from bookings.querysets.calendar import in_calendar, own_bookings
from instruments.models import Instrument
from portal.accounts.models import User
from portal.accounts.zones import zone_or_utc
from portal.notifications.rendering import reading_as

OWN_SINCE, INSTRUMENT_SINCE = timedelta(days=365), timedelta(days=60)
MOST = 5_000  # bookings; of more, those that begin last
REFRESH = "PT1H"


class Feed(NamedTuple):
    """What a calendar program is answered; `changed` is when the newest of its entries was last written."""

    text: str
    name: str
    changed: datetime


def read_feed(feed: CalendarFeed, now: datetime) -> Feed | None:
    """The feed in its owner's language and zone; None when they may no longer see the instrument.

    At most six statements, whatever the number of bookings.
    """
    with reading_as(feed.user.language, feed.user.time_zone):
        if feed.instrument_id is None:
            return _own(feed, now)
        run = Instrument.objects.managed_by(feed.user).order_by().filter(pk=OuterRef("pk"))
        instrument = Instrument.objects.visible_to(feed.user).select_related("organisation")
        found = instrument.annotate(is_run=Exists(run)).filter(pk=feed.instrument_id).first()
        return None if found is None else _of_instrument(feed, found, now)


def _own(feed: CalendarFeed, now: datetime) -> Feed:
    lines = _lines(own_bookings(Booking.objects.all(), feed.user), now - OWN_SINCE, now)
    known = Instrument.objects.select_related("organisation").in_bulk({line.instrument for line in lines})
    events, people = _events(known, feed.user), _people(lines)
    shown = (events.full(line, people[line.pk]) for line in lines)
    return _written(feed, _("Instrument time"), shown, [line.changed for line in lines])


def _of_instrument(feed: CalendarFeed, instrument: Any, now: datetime) -> Feed:
    """Those who run it read everything; others their own bookings, and of the rest that the time is taken."""
    user, since, runs = feed.user, now - INSTRUMENT_SINCE, instrument.is_run
    every = Booking.objects.filter(instrument=instrument)
    lines = _lines(every if runs else every.visible_to(user), since, now)
    others = [] if runs else _lines(every.occupying().exclude(pk__in=[line.pk for line in lines]), since, now)
    events, people = _events({instrument.pk: instrument}, user), _people(lines)
    shown = (events.full(line, people[line.pk], names_organisation=runs) for line in lines)
    busy = (events.busy(line, _blind_uid(feed, line)) for line in others)
    closures = list(instrument.closures.ending_after(since).select_related("unit")[:MOST])
    closed = (events.closed(closure, instrument) for closure in closures)
    changes = [line.changed for line in (*lines, *others)] + [closure.updated_at for closure in closures]
    return _written(feed, instrument.name, chain(closed, shown, busy), changes)


def _lines(bookings: QuerySet[Booking], since: datetime, now: datetime) -> list[Line]:
    return [Line(*row) for row in in_calendar(bookings, since, now).values_list(*COLUMNS)[:MOST]]


def _people(lines: Iterable[Line]) -> dict[int, list[Person]]:
    """Who takes part in each of the bookings, as they were entered."""
    part = Booking.participants.through.objects.filter(booking__in=[line.pk for line in lines]).order_by("pk")
    people: dict[int, list[Person]] = defaultdict(list)
    for booking, user, name in part.values_list("booking", "user", "user__name"):
        people[booking].append(Person(user, name))
    return people


def _events(instruments: dict[int, Instrument], user: User) -> Events:
    return Events(instruments, zone_or_utc(user.time_zone), user.pk)


def _blind_uid(feed: CalendarFeed, line: Line) -> str:
    """Always the same for one booking in one feed, and nothing that another page or feed would know it by."""
    return "busy-" + hashlib.sha256(f"{feed.token_hash}:{line.pk}".encode()).hexdigest()[:32]


def _written(feed: CalendarFeed, name: str, events: Iterable[Event], changes: list[datetime]) -> Feed:
    title = escaped(f"{name} – {settings.BRAND_NAME}")
    head = [
        ("NAME", title),
        ("X-WR-CALNAME", title),
        ("X-WR-TIMEZONE", str(zone_or_utc(feed.user.time_zone))),
        ("REFRESH-INTERVAL;VALUE=DURATION", REFRESH),
        ("X-PUBLISHED-TTL", REFRESH),
    ]
    changed = max(changes, default=feed.created_at)
    return Feed(calendar(product(), head, events), name, changed)


def product() -> str:
    """Who writes these calendars (RFC 5545, 3.7.3)."""
    return f"-//{settings.BRAND_NAME}//Bookings//EN"
