"""Whom free time is offered to, and which of it: the rules of booking and the stated order, no database."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from bookings.enums import ACTIVE
from bookings.facts import Facts
from bookings.free import Occupancy
from bookings.policy import limits_against, reasons_against
from bookings.slots import MINUTE, Span, joined
from calls.models import Award

LEAST_HELD = timedelta(minutes=15)
LEAST_AHEAD = timedelta(minutes=30)


@dataclass(frozen=True)
class Booked:
    """One booking of an award, as far as limits ask."""

    span: Span
    minutes: int
    is_active: bool


class BookedOnes(list[Booked]):
    """The bookings of an award, with the questions that `limits_against` asks of a queryset."""

    def active(self) -> Self:
        return type(self)(row for row in self if row.is_active)

    def ending_after(self, moment: datetime) -> Self:
        return type(self)(row for row in self if row.span.end > moment)

    def occupying(self) -> Self:
        return self

    def count(self, *args: Any) -> int:
        return len(self)

    def minutes_starting_in(self, window: Span) -> int:
        return sum(row.minutes for row in self if window.start <= row.span.start < window.end)


@dataclass(frozen=True)
class Wish:
    """What one place on the waiting list wants of one instrument, with the award that would pay.

    `left` are the minutes that its award could still spend, `refused` the times it was offered in vain.
    """

    entry: Any
    award: Award
    left: int
    refused: list[Span]
    booked: BookedOnes

    @classmethod
    def read(cls, row: Any) -> Self:
        """From a row of `wishes_for`."""
        return cls(
            entry=row.waitlistentry,
            award=row.award,
            left=row.award.balance_minutes - row.held,
            refused=[Span(period.lower, period.upper) for period in row.refused],
            booked=BookedOnes(_booked(told) for told in row.booked),
        )

    def wants(self, period: Span, now: datetime) -> bool:
        window = Span(self.entry.start, self.entry.end)
        in_time = period.start >= now + self.entry.least_notice * MINUTE
        return in_time and window.covers(period) and not any(span.overlaps(period) for span in self.refused)


@dataclass(frozen=True)
class Offer:
    """A free period on a unit for one wish, to be answered by `held_until`."""

    wish: Wish
    unit: int
    period: Span
    held_until: datetime


def offers_of(facts: Facts, occupancy: Occupancy, wishes: Iterable[Wish], now: datetime) -> Iterator[Offer]:
    """Give each wish in turn the earliest period of the facts' window that suits it, the rules and those before it."""
    free: dict[int, list[Span]] = {}
    spent: dict[int, list[Booked]] = {}
    served: set[int] = set()
    for wish in wishes:
        minutes = wish.entry.minutes
        if wish.entry.pk in served:
            continue
        if minutes not in free:
            free[minutes] = [slot for slot in facts.slots(minutes) if occupancy.free_unit(facts, slot) is not None]
        others = BookedOnes([*wish.booked, *spent.get(wish.award.pk, [])])
        left = wish.left - sum(row.minutes for row in spent.get(wish.award.pk, []))
        offer = _first(facts, occupancy, wish, others, left, free[minutes], now)
        if offer is None:
            continue
        yield offer
        served.add(wish.entry.pk)
        spent.setdefault(wish.award.pk, []).append(Booked(offer.period, facts.cost(offer.period), True))
        occupancy = _with(occupancy, offer.unit, facts.occupied(offer.period))
        free = {
            length: [slot for slot in slots if occupancy.free_unit(facts, slot) is not None]
            for length, slots in free.items()
        }


def _first(
    facts: Facts, occupancy: Occupancy, wish: Wish, others: BookedOnes, left: int, slots: Iterable[Span], now: datetime
) -> Offer | None:
    for slot in slots:
        until = held_until(facts, slot, now)
        if until is None or not wish.wants(slot, now) or facts.cost(slot) > left:
            continue
        if reasons_against(facts, slot, now, wish.award) or limits_against(facts, slot, wish.award, others, now):
            continue
        unit = occupancy.free_unit(facts, slot)
        if unit is not None:
            return Offer(wish, unit, slot, until)
    return None


def held_until(facts: Facts, period: Span, now: datetime) -> datetime | None:
    """Until when an offer made now waits for an answer; None where too little time is left to make one.

    As long as the policy says, at most half of the time that is left to the start (where an operator confirms, to the
    moment until which), at least a quarter of an hour.
    """
    ahead = facts.policy.confirm_by * MINUTE if facts.policy.needs_confirmation else timedelta()
    left = period.start - ahead - now
    if left < LEAST_AHEAD:
        return None
    return now + max(min(facts.policy.offer_minutes * MINUTE, left / 2), LEAST_HELD)


def _with(occupancy: Occupancy, unit: int, span: Span) -> Occupancy:
    return Occupancy({**occupancy.by_unit, unit: joined([*occupancy.by_unit[unit], span])}, occupancy.bookings)


def _booked(told: dict[str, Any]) -> Booked:
    span = Span(datetime.fromisoformat(told["start"]), datetime.fromisoformat(told["end"]))
    return Booked(span, told["minutes"], told["state"] in ACTIVE)
