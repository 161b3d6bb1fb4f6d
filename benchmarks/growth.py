"""A thousand bookings and a million: the same statements, about the same pages read, no table read from end to end.

What is asked about is the same in both: one instrument whose coming week is well booked, and fifty that are booked for
the coming four weeks, in a crowd that grows. The balance of a table that fits on one page is read there at once; in a
larger one an index costs two pages more.
"""

import json
import sys
from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from benchmarks.common import counted, figure
from bookings.actions.booking import stored
from bookings.enums import BookingState
from bookings.facts import Facts
from bookings.free import Occupancy, alternatives, free_slots
from bookings.models import Booking
from bookings.search import first_free
from bookings.slots import DAY, Span
from calls.models import Award
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.calls import AwardFactory
from tests.factories.instruments import InstrumentFactory, TechniqueFactory

SMALL, LARGE = 1_000, 1_000_000
TWO_HOURS, FOUR_HOURS = timedelta(hours=2), timedelta(hours=4)


def run() -> list[dict[str, Any]]:
    """Fill, ask, fill more, ask again; return the lines of both sizes."""
    figures, seen = [], {}
    busy, fifty = None, None
    for size in (SMALL, LARGE):
        sys.stdout.write(f"    {size:,} bookings ...\n")
        missing = size - Booking.objects.count()
        call_command("bulk_data", bookings=missing, force=True, verbosity=0)
        busy = busy or _fill_a_week()
        fifty = fifty or Fifty()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        seen[size] = {name: _asked(*question) for name, question in (_questions(busy) | fifty.questions()).items()}
    for name in seen[SMALL]:
        few, many = seen[SMALL][name], seen[LARGE][name]
        same = few["statements"] == many["statements"]
        figures.append(figure(f"{name}: statements at 1 million", many["statements"], "statements", "no more", ok=same))
        figures.append(figure(f"{name}: buffers at 1,000", few["buffers"], "pages"))
        held = many["buffers"] <= 2 * few["buffers"]
        bar = f"at most {2 * few['buffers']}"
        figures.append(figure(f"{name}: buffers at 1 million", many["buffers"], "pages", bar, ok=held))
        figures.append(figure(f"{name}: tables read whole", many["scans"], "tables", "none", ok=not many["scans"]))
    return figures


def _fill_a_week() -> Booking:
    """Book every unit of an instrument every fourth hour of the coming week, where it is free; return one of them."""
    pattern = Booking.objects.occupying().select_related("instrument", "award").order_by("pk")[0]
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + DAY
    week = Span(start, start + 7 * DAY)
    facts = Facts.read(pattern.instrument, week)
    taken = Occupancy.read(facts)
    periods = (Span(start + n * FOUR_HOURS, start + n * FOUR_HOURS + TWO_HOURS) for n in range(42))
    rows = [
        Booking(
            instrument=pattern.instrument,
            unit_id=unit,
            award=pattern.award,
            organisation_id=pattern.organisation_id,
            booked_by_id=pattern.booked_by_id,
            state=BookingState.CONFIRMED,
            **stored(facts, period),
        )
        for period in periods
        if (unit := taken.free_unit(facts, period)) is not None
    ]
    return Booking.objects.bulk_create(rows)[0]


class Fifty:
    """Fifty instruments of a technique, booked for most of every day of four weeks; a reader has hours on three."""

    WEEKS = 4

    def __init__(self) -> None:
        self.technique, self.reader = TechniqueFactory(slug="benchmark-fifty"), UserFactory()
        laboratory, institute = OrganisationFactory(), OrganisationFactory()
        self.now = timezone.now().replace(minute=0, second=0, microsecond=0)
        rows: list[Booking] = []
        for _ in range(50):
            instrument = InstrumentFactory(organisation=laboratory, techniques=[self.technique])
            award = AwardFactory(instrument=instrument, organisation=institute, holder=self.reader)
            rows += self._booked(award)
        Booking.objects.bulk_create(rows)
        kept = self.reader.awards.order_by("pk").values_list("pk", flat=True)[:3]
        self.reader.awards.exclude(pk__in=list(kept)).update(state="ended")

    def _booked(self, award: Award) -> list[Booking]:
        """From two hours after opening until closing, every day but the last, on which four hours are free."""
        instrument = award.hours_on
        window = Span(self.now, self.now + self.WEEKS * 7 * DAY)
        facts = Facts.read(instrument, window)
        return [
            Booking(
                instrument=instrument,
                unit=instrument.units.get(),
                award=award,
                organisation_id=award.organisation_id,
                booked_by_id=award.holder_id,
                state=BookingState.CONFIRMED,
                **stored(facts, Span(opening.start + TWO_HOURS, opening.end)),
            )
            for opening in facts.opening
            if opening.start > self.now and opening.end < window.end - 3 * DAY
        ]

    def questions(self) -> dict[str, Any]:
        def first() -> None:
            window = Span(self.now, self.now + self.WEEKS * 7 * DAY)
            search = first_free(self.reader, 240, window, timezone.now(), technique=self.technique.slug)
            if len(search.free) + len(search.full) != 50 or not search.free:
                raise RuntimeError(f"{len(search.free)} of {len(search.full)} found where 50 should be")

        return {"first free 4 hours on any of 50": (first,)}


def _questions(booking: Booking) -> dict[str, Any]:
    """The questions every booking asks, about an instrument in the crowd and its coming week."""
    instrument, award = booking.instrument, booking.award
    week = Span(booking.start - DAY, booking.start + 6 * DAY)

    def occupancy() -> None:
        Occupancy.read(Facts.read(instrument, week))

    def free() -> None:
        now = timezone.now()
        facts = Facts.read(instrument, Span(now, now + 7 * DAY))
        list(free_slots(facts, 60, now, Occupancy.read(facts)))

    def nearest() -> None:
        start = timezone.now() + timedelta(days=3)
        alternatives(instrument, Span(start, start + timedelta(hours=1)), timezone.now())

    def balance() -> None:
        Award.objects.values_list("balance_minutes").get(pk=award.pk)

    return {"week": (occupancy,), "free slots": (free,), "alternatives": (nearest,), "balance": (balance,)}


def _asked(deed: Any) -> dict[str, int]:
    """Statements of a deed, the buffers they touch (EXPLAIN ANALYZE), and how many big tables they read whole."""
    statements: list[tuple[str, Any]] = []

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper), counted() as seen:
        deed()
    buffers = scans = 0
    with connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
            answer = cursor.fetchone()[0]
            plan = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
            buffers += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
            scans += _whole_reads(plan)
    return {"statements": len(seen), "buffers": buffers, "scans": scans}


def _whole_reads(plan: dict[str, Any]) -> int:
    big = {"bookings_booking", "calls_ledgerentry", "bookings_session"}
    here = plan["Node Type"] == "Seq Scan" and plan.get("Relation Name") in big
    return int(here) + sum(_whole_reads(below) for below in plan.get("Plans", []))
