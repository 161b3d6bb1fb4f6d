"""Free time: which periods could be booked, on which unit. Set-based reads, then arithmetic."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from itertools import islice

from bookings.facts import Facts
from bookings.models import Booking
from bookings.policy import reasons_against
from bookings.slots import DAY, MINUTE, Span, common, joined
from instruments.models import Instrument

ALTERNATIVES = 3


@dataclass(frozen=True)
class Occupancy:
    """What is taken on each unit within a window: bookings with their change-over, and the unit's own closures."""

    by_unit: dict[int, list[Span]]
    bookings: list[tuple[Span, int]]  # (period, award)

    @classmethod
    def read(cls, facts: Facts, *, leaving_out: Booking | None = None) -> "Occupancy":
        """One statement for all units; `leaving_out` is a booking that is about to move."""
        reach = timedelta(minutes=max(facts.policy.longest, 1440)) + (facts.policy.before + facts.policy.after) * MINUTE
        around = Span(facts.window.start - reach, facts.window.end + reach)
        taken = {unit.pk: list(unit.closures) for unit in facts.units}
        bookings = []
        for unit, occupied, period, award in Booking.objects.occupied_on(taken, around, leaving_out=leaving_out):
            taken[unit].append(Span(occupied.lower, occupied.upper))
            bookings.append((Span(period.lower, period.upper), award))
        return cls(taken, sorted(bookings))

    def full(self) -> list[Span]:
        """When every unit is taken, in order."""
        units = [joined(spans) for spans in self.by_unit.values()]
        return reduce(common, units) if units else []

    def free_unit(self, facts: Facts, period: Span) -> int | None:
        """The first unit on which the period, with its change-over, meets nothing; None when all are taken."""
        wanted = facts.occupied(period)
        for unit in facts.units:
            if not any(span.overlaps(wanted) for span in self.by_unit[unit.pk]):
                return unit.pk
        return None


def free_slots(facts: Facts, minutes: int, now: datetime, occupancy: Occupancy, stride: int = 1) -> Iterator[Span]:
    """The periods of this length in the facts' window that the rules allow and a unit is free for, in order."""
    for slot in facts.slots(minutes, stride):
        if slot.start > now and occupancy.free_unit(facts, slot) is not None and not reasons_against(facts, slot, now):
            yield slot


def alternatives(instrument: Instrument, period: Span, now: datetime) -> list[Span]:
    """Up to three free periods as long as this one, the nearest first; free when they were read."""
    window = Span(max(now, period.start - 7 * DAY), period.end + 14 * DAY)
    facts = Facts.read(instrument, window)
    free = free_slots(facts, facts.cost(period), now, Occupancy.read(facts))
    return nearest(_apart(free), period.start)


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
