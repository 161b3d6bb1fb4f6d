"""Whom free time is offered to, and which of it: the rules of booking and the stated order, no database."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bookings.facts import Facts
from bookings.free import Occupancy
from bookings.policy import verdict
from bookings.slots import MINUTE, Span
from bookings.standing import Standing
from bookings.wishes import Wish

LEAST_HELD = timedelta(minutes=15)
LEAST_AHEAD = timedelta(minutes=30)
# What speaks against every period of a wish where it speaks against one: the award, the instrument, the sample. Looking
# further would cost a verdict for each of thousands of free periods, under the locks.
FOR_ALL_PERIODS = frozenset(
    {
        "not_listed",
        "no_unit",
        "other_instrument",
        "award_not_active",
        "open_limit",
        "not_enough_hours",
        "sample_missing",
    }
)


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
    standings: dict[int, Standing] = {}  # of the awards that got something in this turn
    served: set[int] = set()
    for wish in wishes:
        if wish.entry in served or not wish.standing.may_book or not wish.people:  # nobody is left to accept or to tell
            continue
        if wish.minutes not in free:
            free[wish.minutes] = _free(facts, occupancy, facts.slots(wish.minutes))
        standing = standings.get(wish.standing.pk, wish.standing)
        offer = _first(facts, occupancy, wish, standing, free[wish.minutes], now)
        if offer is None:
            continue
        yield offer
        served.add(wish.entry)
        standings[standing.pk] = standing.having(facts, offer.period)
        occupancy = occupancy.having(offer.unit, facts.occupied(offer.period))
        free = {minutes: _free(facts, occupancy, slots) for minutes, slots in free.items()}


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


def _first(
    facts: Facts, occupancy: Occupancy, wish: Wish, standing: Standing, slots: Iterable[Span], now: datetime
) -> Offer | None:
    for slot in slots:
        until = held_until(facts, slot, now)
        if until is None or not wish.wants(slot, now):
            continue
        codes = {reason.code for reason in verdict(facts, slot, now, standing)}
        if codes & FOR_ALL_PERIODS or ("certificate_missing" in codes and not standing.rights):
            return None
        if codes:
            continue
        unit = occupancy.free_unit(facts, slot)
        if unit is not None:
            return Offer(wish, unit, slot, until)
    return None


def _free(facts: Facts, occupancy: Occupancy, slots: Iterable[Span]) -> list[Span]:
    return [slot for slot in slots if occupancy.free_unit(facts, slot) is not None]
