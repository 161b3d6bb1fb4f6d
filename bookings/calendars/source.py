"""The rows that a calendar is written from, and what tells that none of them changed."""

import hashlib
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from bookings.calendars.events import COLUMNS
from bookings.models import Booking, CalendarFeed
from bookings.querysets.calendar import in_calendar, own_bookings
from instruments.models import Instrument

OWN_SINCE, INSTRUMENT_SINCE = timedelta(days=365), timedelta(days=60)
MOST = 5_000  # bookings; of more, those that begin last
# All that a calendar says of times told as busy, of people, instruments and closures: what it says anew belongs here.
BUSY = ("pk", "period", "state", "version", "updated_at")
PEOPLE = ("booking", "user", "user__name")
_NAMES = [f"name_{language}" for language, _name in settings.LANGUAGES]
PLACES = ("pk", "slug", *_NAMES, "place", "time_zone", "organisation__name")
CLOSURES = ("pk", "period", "reason", "unit__name", "updated_at")


class Source(NamedTuple):
    """Querysets of bookings told in full, of those told as busy, and of closures; `instrument` has `is_run`."""

    full: QuerySet[Booking]
    busy: QuerySet[Booking] | None = None
    closures: QuerySet[Any] | None = None
    instrument: Any = None

    def people(self) -> QuerySet[Any, Any]:
        """Who takes part in those told in full, as they were entered."""
        part = Booking.participants.through.objects.filter(booking__in=self.full.values("pk"))
        return part.order_by("pk").values_list(*PEOPLE)

    def instruments(self) -> QuerySet[Instrument]:
        return Instrument.objects.filter(pk__in=self.full.values("instrument")).order_by("pk")

    def state(self, link: CalendarFeed, now: datetime) -> tuple[str, datetime]:
        """A tag that is another as soon as the calendar says something else, and when a row of it last changed.

        The database makes it of every value that goes into the text, and some more, so that they need not be read. The
        day goes in as well: words and clock changes come with the program, and may be others after it was renewed.
        """
        rows = _digests(self._parts())
        newest = max((moment for _digest, moment in rows if moment), default=link.created_at)
        user, is_run = link.user, self.instrument is not None and self.instrument.is_run
        words = (settings.BRAND_NAME, settings.SITE_URL, user.language, user.time_zone, now.date().isoformat())
        said = repr((link.token_hash, is_run, words, [digest for digest, _moment in rows]))
        return f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"', newest

    def _parts(self) -> list[QuerySet[Any, Any]]:
        places = self.instruments()
        if self.instrument is not None:
            places = Instrument.objects.filter(pk=self.instrument.pk)
        parts = [self.full.values_list(*COLUMNS), self.people(), places.values_list(*PLACES)]
        parts += [] if self.busy is None else [self.busy.values_list(*BUSY)]
        return parts + ([] if self.closures is None else [self.closures.values_list(*CLOSURES)])


def source_of(link: CalendarFeed, now: datetime) -> Source | None:
    """What its owner may read; None when they may no longer see the instrument. At most one statement.

    Those who run an instrument read everything; others their own bookings, and of the rest that the time is taken.
    """
    user = link.user
    if link.instrument_id is None:
        return Source(in_calendar(own_bookings(Booking.objects.all(), user), now - OWN_SINCE, now)[:MOST])
    run = Instrument.objects.managed_by(user).order_by().filter(pk=OuterRef("pk"))
    seen = Instrument.objects.visible_to(user).select_related("organisation").annotate(is_run=Exists(run))
    instrument = seen.filter(pk=link.instrument_id).first()
    if instrument is None:
        return None
    since, every = now - INSTRUMENT_SINCE, Booking.objects.filter(instrument=instrument)
    full = in_calendar(every if instrument.is_run else every.visible_to(user), since, now)[:MOST]
    others = every.occupying().exclude(pk__in=full.values("pk"))
    busy = None if instrument.is_run else in_calendar(others, since, now)[:MOST]
    closures = instrument.closures.ending_after(since).select_related("unit")[:MOST]
    return Source(full, busy, closures, instrument)


def _digests(parts: list[QuerySet[Any, Any]]) -> list[tuple[str | None, datetime | None]]:
    """For each `values_list` a digest of all its rows in their order, and the newest `updated_at` if it has one."""
    selects: list[str] = []
    parameters: list[Any] = []
    for part in parts:
        sql, values = part.query.sql_with_params()
        newest = "max(said.updated_at)" if "updated_at" in part.query.values_select else "NULL::timestamptz"
        selects.append(f"(SELECT md5(string_agg(said::text, chr(10))), {newest} FROM ({sql}) said)")  # noqa: S608 - all ours
        parameters += values
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects), parameters)
        return cursor.fetchall()
