"""Free time: which periods could be booked, on which unit. Set-based reads, then arithmetic."""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from itertools import islice
from operator import attrgetter

from django.db import connection

from bookings.enums import OCCUPYING
from bookings.facts import Facts
from bookings.models import Booking
from bookings.policy import reasons_against
from bookings.slots import DAY, MINUTE, Span, common, joined
from instruments.models import Instrument

ALTERNATIVES = 3

# By hand like the facts, and in the very form of the constraint booking_never_overlaps, so that its index answers; the
# multirange names all units in one search of it.
_TAKEN = """
SELECT unit_id, lower(occupied), upper(occupied), lower(period), upper(period), award_id
FROM bookings_booking
WHERE state IN %s AND int8range(unit_id, unit_id, '[]') && %s::int8multirange AND occupied && tstzrange(%s, %s)
    AND id <> %s AND (state <> 'held' OR held_until > %s::timestamptz)
"""


@dataclass(frozen=True)
class Occupancy:
    """What is taken on each unit within a window: bookings with their change-over, and the unit's own closures."""

    by_unit: dict[int, list[Span]]  # joined and in order
    bookings: list[tuple[Span, int]]  # (period, award)

    @classmethod
    def read(
        cls, facts: Facts, *, leaving_out: Booking | None = None, answerable_at: datetime | None = None
    ) -> "Occupancy":
        """One statement for all units; `leaving_out` is a booking that is about to move.

        With `answerable_at` offers that nobody answered by then take no time, for they give way to who books; who
        writes needs them.
        """
        return cls.read_many([facts], leaving_out=leaving_out, answerable_at=answerable_at)[0]

    @classmethod
    def read_many(
        cls, many: Sequence[Facts], *, leaving_out: Booking | None = None, answerable_at: datetime | None = None
    ) -> "list[Occupancy]":
        """What is taken on the units of each of these instruments, in their order: one statement for all."""
        units = [unit for facts in many for unit in facts.units]
        taken = {unit.pk: list(unit.closures) for unit in units}
        bookings: dict[int, list[tuple[Span, int]]] = {unit.pk: [] for unit in units}
        for unit, occupied, period, award in _taken(taken, _around(many), leaving_out, answerable_at):
            taken[unit].append(occupied)
            bookings[unit].append((period, award))
        return [
            cls(
                {unit.pk: joined(taken[unit.pk]) for unit in facts.units},
                sorted(booking for unit in facts.units for booking in bookings[unit.pk]),
            )
            for facts in many
        ]

    def full(self) -> list[Span]:
        """When every unit is taken, in order."""
        return reduce(common, self.by_unit.values()) if self.by_unit else []

    def having(self, unit: int, span: Span) -> "Occupancy":
        """The same once `span` is taken on the unit too."""
        return Occupancy({**self.by_unit, unit: joined([*self.by_unit[unit], span])}, self.bookings)

    def free_unit(self, facts: Facts, period: Span) -> int | None:
        """The first unit on which the period, with its change-over, meets nothing; None when all are taken."""
        wanted = facts.occupied(period)
        return next((unit.pk for unit in facts.units if _is_free(self.by_unit[unit.pk], wanted)), None)


def _around(many: Sequence[Facts]) -> Span | None:
    """The time in which a booking can be in the way of what begins in the windows of these facts."""
    ahead = (max(facts.policy.longest, 1440) + facts.policy.after for facts in many)  # of what begins in the window
    spans = [
        facts.window.widened(facts.policy.before * MINUTE, minutes * MINUTE)
        for facts, minutes in zip(many, ahead, strict=True)
    ]
    return Span(min(span.start for span in spans), max(span.end for span in spans)) if spans else None


def _taken(
    units: Collection[int], window: Span | None, leaving_out: Booking | None, answerable_at: datetime | None
) -> Iterator[tuple[int, Span, Span, int]]:
    """Tuples (unit, occupied, period, award) of the bookings that meet the window."""
    if not units or window is None:
        return
    every = "{" + ",".join(f"[{unit},{unit}]" for unit in units) + "}"
    without, since = leaving_out.pk if leaving_out else 0, answerable_at or "-infinity"
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN, [tuple(map(str, OCCUPYING)), every, window.start, window.end, without, since])
        for unit, occupied_from, occupied_to, start, end, award in cursor.fetchall():
            yield unit, Span(occupied_from, occupied_to), Span(start, end), award


def _is_free(taken: Sequence[Span], wanted: Span) -> bool:
    """Whether `wanted` meets none of these spans, joined and in order: only the last to begin can."""
    before = bisect_left(taken, wanted.end, key=attrgetter("start"))
    return not before or taken[before - 1].end <= wanted.start


def free_slots(facts: Facts, minutes: int, now: datetime, occupancy: Occupancy, stride: int = 1) -> Iterator[Span]:
    """The periods of this length in the facts' window that the rules allow and a unit is free for, in order."""
    for slot in facts.slots(minutes, stride):
        if slot.start > now and occupancy.free_unit(facts, slot) is not None and not reasons_against(facts, slot, now):
            yield slot


def alternatives(
    instrument: Instrument,
    period: Span,
    now: datetime,
    *,
    leaving_out: Booking | None = None,
    suits: Callable[[Span], bool] = bool,
) -> list[Span]:
    """Up to three free periods as long as this one that suit, the nearest first; free when they were read.

    `leaving_out` is a booking that would move there.
    """
    window = Span(max(now, period.start - 7 * DAY), max(now, period.end) + 14 * DAY)
    facts = Facts.read(instrument, window)
    occupancy = Occupancy.read(facts, leaving_out=leaving_out, answerable_at=now)
    free = free_slots(facts, facts.cost(period), now, occupancy)
    return nearest(_apart(filter(suits, free)), period.start)


def nearest(slots: Iterable[Span], moment: datetime, count: int = ALTERNATIVES) -> list[Span]:
    """The `count` slots that begin nearest to `moment`, in order of nearness."""
    return list(islice(sorted(slots, key=lambda slot: abs(slot.start - moment)), count))


def _apart(slots: Iterable[Span]) -> Iterator[Span]:
    """Of slots that overlap each other the first: three alternatives should be three different choices."""
    last: Span | None = None
    for slot in slots:
        if last is None or not slot.overlaps(last):
            yield slot
            last = slot
