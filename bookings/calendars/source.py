"""The rows that a calendar is written from, and what tells that none of them changed."""

import hashlib
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.postgres.aggregates import BoolOr, StringAgg
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from bookings.calendars.events import COLUMNS
from bookings.models import Booking, CalendarFeed
from bookings.querysets.calendar import in_calendar, own_bookings
from instruments.models import Instrument
from portal.accounts.models import User

OWN_SINCE, INSTRUMENT_SINCE = timedelta(days=365), timedelta(days=60)
MOST = 5_000  # bookings; of more, those that begin last
# All that a calendar says of times told as busy, of instruments and closures: what it says anew belongs here.
BUSY = ("pk", "period", "state", "version", "updated_at")
_NAMES = [f"name_{language}" for language, _name in settings.LANGUAGES]
PLACES = ("pk", "slug", *_NAMES, "place", "time_zone", "organisation__name")
CLOSURES = ("pk", "period", "reason", "unit__name", "updated_at")


class Source(NamedTuple):
    """Querysets of bookings told in full, of those told as busy, and of closures; `instrument` has `is_run`."""

    full: QuerySet[Booking]
    busy: QuerySet[Booking] | None = None
    closures: QuerySet[Any] | None = None
    instrument: Any = None

    def state(self, link: CalendarFeed, now: datetime) -> tuple[str, datetime]:
        """A tag that is another as soon as the calendar says something else, and when a row of it last changed.

        The database makes it of every value that goes into the text, and some more, so that they need not be read. The
        day goes in as well: words and clock changes come with the program, and may be others after it was renewed.
        """
        rows = _digests(self.full.values_list(*COLUMNS), self._others(link.user))
        newest = max((moment for _digest, moment in rows if moment), default=link.created_at)
        user, is_run = link.user, self.instrument is not None and self.instrument.is_run
        words = (settings.BRAND_NAME, settings.SITE_URL, user.language, user.time_zone, now.date().isoformat())
        said = repr((link.token_hash, is_run, words, [digest for digest, _moment in rows]))
        return f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"', newest

    def _others(self, reader: User) -> list[QuerySet[Any, Any]]:
        """All but the bookings told in full, which are the table `shown`."""
        pks: Any = RawSQL("SELECT instrument FROM shown", ()) if self.instrument is None else [self.instrument.pk]
        places = Instrument.objects.filter(pk__in=pks).order_by("pk")
        parts = [people_of(RawSQL("SELECT pk FROM shown", ()), reader), places.values_list(*PLACES)]
        parts += [] if self.busy is None else [self.busy.values_list(*BUSY)]
        return parts + ([] if self.closures is None else [self.closures.values_list(*CLOSURES)])


def people_of(bookings: RawSQL, reader: User) -> QuerySet[Any, Any]:
    """Who takes part in each of these bookings: (booking, names as they were entered, how many, whether `reader`)."""
    rows = Booking.participants.through.objects.filter(booking__in=bookings).order_by("booking")
    names, reads = StringAgg("user__name", ", ", order_by="pk"), BoolOr(Q(user=reader))
    return rows.values_list("booking").annotate(names=names, number=Count("pk"), has_reader=reads)


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


def _digests(shown: QuerySet[Any, Any], others: list[QuerySet[Any, Any]]) -> list[tuple[str | None, datetime | None]]:
    """For each `values_list` a digest of all its rows in their order, and the newest `updated_at` if it has one.

    Those of `shown` are found once, and the `others` may ask for them as for a table.
    """
    found, parameters = shown.query.sql_with_params()
    selects = [_digest("SELECT * FROM shown", is_dated=True)]
    for part in others:
        sql, values = part.query.sql_with_params()
        selects.append(_digest(sql, is_dated="updated_at" in part.query.values_select))
        parameters += values
    with connection.cursor() as cursor:
        cursor.execute(f"WITH shown AS MATERIALIZED ({found}) {' UNION ALL '.join(selects)}", parameters)
        return cursor.fetchall()


def _digest(sql: str, *, is_dated: bool) -> str:
    newest = "max(said.updated_at)" if is_dated else "NULL::timestamptz"
    row = "hash_record_extended(said, 0)::text"  # 64 bits a row, which are made much sooner than a row's text is
    return f"(SELECT md5(string_agg({row}, ' ')), {newest} FROM ({sql}) said)"  # noqa: S608 - all ours
