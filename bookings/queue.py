"""Where people stand in stand-by queues, read for a page: the same statements however many they are."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bookings.facts import Facts
from bookings.free import Occupancy
from bookings.models import StandbyEntry
from bookings.slots import Span
from bookings.turns import called_from, is_open, turns_of

MOST = 200  # of one queue; who stands further back is told their place alone


@dataclass(frozen=True)
class Outlook:
    """The place of one who waits, and as things are booked now: when the time would begin, and when they are called.

    Both None where nothing can be said: no time is free before they leave, or the queue is closed.
    """

    place: int
    begins: datetime | None = None
    called: datetime | None = None


def outlooks_of(entries: Collection[StandbyEntry], now: datetime) -> dict[int, Outlook]:
    """By primary key, for those of these that wait. Three statements."""
    instruments = {row.instrument_id: row.instrument for row in entries if row.is_waiting}
    if not instruments:
        return {}
    queues: dict[int, list[Any]] = {pk: [] for pk in instruments}
    for row in StandbyEntry.objects.waiting().filter(instrument__in=instruments):
        queues[row.instrument_id].append(row)
    last = max(row.until for queue in queues.values() for row in queue)
    many = [_narrowed(facts, queues, now) for facts in Facts.read_many(instruments.values(), Span(now, last))]
    found: dict[int, Outlook] = {}
    for facts, occupancy in zip(many, Occupancy.read_many(many), strict=True):
        found |= _of_queue(facts, occupancy, queues[facts.instrument.pk], now)
    return {row.pk: found[row.pk] for row in entries if row.pk in found}


def _narrowed(facts: Facts, queues: dict[int, list[Any]], now: datetime) -> Facts:
    last = max(row.until for row in queues[facts.instrument.pk])
    return replace(facts, window=Span(now, max(last, now)))


def _of_queue(facts: Facts, occupancy: Occupancy, queue: list[Any], now: datetime) -> dict[int, Outlook]:
    found = {row.pk: Outlook(place) for place, row in enumerate(queue, start=1)}
    if not is_open(facts):
        return found
    for turn in turns_of(facts, occupancy, queue[:MOST], now):
        if turn.period is not None:
            called = max(called_from(facts, turn.period), now)
            found[turn.entry.pk] = Outlook(turn.place, turn.period.start, called)
    return found
