"""Whose turn it is in a stand-by queue, and when: free time and the order of coming, no database."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bookings.facts import Facts
from bookings.free import Occupancy
from bookings.policy import reasons_against
from bookings.slots import MINUTE, Span

AHEAD = 60  # minutes before time begins that somebody is called to it, at least; a longer step of the policy counts
# What was made for people who plan: who waits on the spot needs no notice.
FOR_PLANNERS = frozenset({"too_soon"})


@dataclass(frozen=True)
class Turn:
    """What somebody who waits would get if everybody before them took theirs; nothing before `until` is None."""

    entry: Any
    place: int
    unit: int | None = None
    period: Span | None = None


def is_open(facts: Facts) -> bool:
    """Whether the laboratory keeps a queue and can serve it: who is called cannot wait for an operator's yes."""
    policy = facts.policy
    return policy.has_standby and not policy.needs_confirmation and facts.is_listed and bool(facts.units)


def turns_of(facts: Facts, occupancy: Occupancy, entries: Iterable[Any], now: datetime) -> Iterator[Turn]:
    """Give each in turn the earliest free period of its length; those after it find that one taken."""
    for place, entry in enumerate(entries, start=1):
        found = earliest(facts, occupancy, entry.minutes, Span(earliest_start(facts, now), entry.until), now)
        if found is None:
            yield Turn(entry, place)
            continue
        unit, period = found
        occupancy = occupancy.having(unit, facts.occupied(period))
        yield Turn(entry, place, unit, period)


def earliest(facts: Facts, occupancy: Occupancy, minutes: int, within: Span, now: datetime) -> tuple[int, Span] | None:
    """The unit and the first period of this length inside `within` that everybody could book; None if there is none."""
    for slot in facts.slots(minutes):
        if not within.covers(slot):
            continue
        unit = occupancy.free_unit(facts, slot)
        if unit is not None and not against(facts, slot, now):
            return unit, slot
    return None


def against(facts: Facts, slot: Span, now: datetime) -> list[str]:
    codes = (reason.code for reason in reasons_against(facts, slot, now))
    return [code for code in codes if code not in FOR_PLANNERS]


def earliest_start(facts: Facts, now: datetime) -> datetime:
    """Time that begins sooner would have begun before the call is answered."""
    return now + facts.policy.standby_minutes * MINUTE


def called_from(facts: Facts, period: Span) -> datetime:
    """From when on somebody is called to time that begins then."""
    return period.start - ahead(facts)


def ahead(facts: Facts) -> timedelta:
    step = 1440 if facts.policy.whole_days else facts.policy.step
    return (facts.policy.standby_minutes + max(step, AHEAD)) * MINUTE
