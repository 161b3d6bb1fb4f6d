"""The calendar behind a secret address: a person's own bookings, or an instrument's as this person sees them.

An instrument's has its closures too, which its page says to everybody.
"""

import hashlib
from collections.abc import Iterable
from itertools import chain
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from bookings.calendars.events import COLUMNS, Events, Line, Part
from bookings.calendars.source import Source, people_of
from bookings.models import CalendarFeed
from instruments.models import Instrument
from portal.accounts.models import User
from portal.accounts.zones import zone_or_utc
from portal.core.ics import Event, calendar, escaped
from portal.notifications.rendering import reading_as

REFRESH = "PT1H"
NOBODY = Part()


def write_feed(link: CalendarFeed, source: Source) -> str:
    """The calendar in its owner's language and zone; at most four statements, whatever the number of bookings."""
    with reading_as(link.user.language, link.user.time_zone):
        if source.instrument is None:
            return _own(link, source)
        return _of_instrument(link, source, source.instrument)


def _own(link: CalendarFeed, source: Source) -> str:
    lines = _lines(source.full)
    instruments = Instrument.objects.filter(pk__in={line.instrument for line in lines}).select_related("organisation")
    events, parts = _events({row.pk: row for row in instruments}, link.user), _parts(link, lines)
    shown = (events.full(line, parts.get(line.pk, NOBODY)) for line in lines)
    return _written(link, _("Instrument time"), shown)


def _of_instrument(link: CalendarFeed, source: Source, instrument: Any) -> str:
    lines, others = _lines(source.full), _lines(source.busy)
    events, parts = _events({instrument.pk: instrument}, link.user), _parts(link, lines)
    shown = (events.full(line, parts.get(line.pk, NOBODY), names_organisation=instrument.is_run) for line in lines)
    busy = (events.busy(line, _blind_uid(link, line)) for line in others)
    closed = (events.closed(closure, instrument) for closure in source.closures or ())
    return _written(link, instrument.name, chain(closed, shown, busy))


def _lines(bookings: QuerySet[Any] | None) -> list[Line]:
    return [] if bookings is None else [Line(*row) for row in bookings.values_list(*COLUMNS)]


def _parts(link: CalendarFeed, lines: list[Line]) -> dict[int, Part]:
    """Who takes part in each of the bookings in which anybody does."""
    pks = ",".join(str(line.pk) for line in lines)  # one text: thousands of parameters take longer than the query
    those = RawSQL("SELECT unnest(%s::bigint[])", (f"{{{pks}}}",))
    return {pk: Part(names, number, reads) for pk, names, number, reads in people_of(those, link.user)}


def _events(instruments: dict[int, Instrument], user: User) -> Events:
    return Events(instruments, zone_or_utc(user.time_zone))


def _blind_uid(link: CalendarFeed, line: Line) -> str:
    """Always the same for one booking in one feed, and nothing that another page or feed would know it by."""
    return "busy-" + hashlib.sha256(f"{link.token_hash}:{line.pk}".encode()).hexdigest()[:32]


def _written(link: CalendarFeed, name: str, events: Iterable[Event]) -> str:
    title = escaped(f"{name} – {settings.BRAND_NAME}")
    head = [
        ("NAME", title),
        ("X-WR-CALNAME", title),
        ("X-WR-TIMEZONE", str(zone_or_utc(link.user.time_zone))),
        ("REFRESH-INTERVAL;VALUE=DURATION", REFRESH),
        ("X-PUBLISHED-TTL", REFRESH),
    ]
    return calendar(product(), head, events)


def product() -> str:
    """Who writes these calendars (RFC 5545, 3.7.3)."""
    return f"-//{settings.BRAND_NAME}//Bookings//EN"
