"""The first free time on any of many instruments: the same few statements, whatever their number."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q

from bookings.facts import Facts
from bookings.free import Occupancy, free_slots
from bookings.policy import reasons_against
from bookings.slots import Span
from calls.models import Award
from instruments.models import Instrument

MOST = 100  # instruments in one search; more of them are narrowed down by a technique


@dataclass(frozen=True)
class Found:
    """The first free time on an instrument, if there is one, and the award of the reader's that pays for it.

    `minutes` is the length there: the shortest its policy allows that is no shorter than the one asked for;
    `has_hours` says that the reader has hours there, whether or not they pay for a time within the window.
    """

    instrument: Instrument
    minutes: int
    has_hours: bool
    period: Span | None = None
    award: Award | None = None


@dataclass(frozen=True)
class Search:
    """What was found: those with free time, the earliest first, and those without; `is_cut` where more were left."""

    free: list[Found]
    full: list[Found]
    is_cut: bool


def first_free(
    user: Any, minutes: int, window: Span, now: datetime, *, technique: str = "", only_mine: bool = False
) -> Search:
    """The first free period of `minutes` or little more on each listed instrument, which lies within the window.

    An instrument whose bookings are all shorter than that is left out. Where `user` has hours there, it is the first
    period that these can pay for, if any.
    """
    awards = _awards_by_instrument(user)
    instruments, is_cut = _instruments(technique, list(awards), only_mine=only_mine)
    many = Facts.read_many(instruments, Span(max(window.start, now), window.end))
    found = [
        _first(facts, length, now, occupancy, awards.get(facts.instrument.pk, []))
        for facts, occupancy in zip(many, Occupancy.read_many(many, answerable_at=now), strict=True)
        if (length := facts.length_for(minutes))
    ]
    in_order = sorted((one.period.start, one.instrument.name, n) for n, one in enumerate(found) if one.period)
    return Search([found[n] for _start, _name, n in in_order], [one for one in found if not one.period], is_cut)


def _first(facts: Facts, minutes: int, now: datetime, occupancy: Occupancy, awards: Sequence[Award]) -> Found:
    """The first free time that one of the awards pays for; where none does, the first free time."""
    first: Span | None = None
    for period in _within(facts, minutes, now, occupancy):
        first = first or period
        if not awards:
            break
        if award := _payer(facts, period, now, awards):
            return Found(facts.instrument, minutes, True, period, award)
    return Found(facts.instrument, minutes, bool(awards), first)


def _within(facts: Facts, minutes: int, now: datetime, occupancy: Occupancy) -> Iterator[Span]:
    """Free periods that end within the window too."""
    return (slot for slot in free_slots(facts, minutes, now, occupancy) if slot.end <= facts.window.end)


def _payer(facts: Facts, period: Span, now: datetime, awards: Sequence[Award]) -> Award | None:
    """The first award with which the rules let this period be booked and whose balance suffices."""
    cost = facts.cost(period)
    payers = (award for award in awards if award.balance_minutes >= cost)
    return next((award for award in payers if not reasons_against(facts, period, now, award)), None)


def _awards_by_instrument(user: Any) -> dict[int, list[Award]]:
    rows = Award.objects.bookable_by(user).filter(balance_minutes__gt=0).order_by("instrument", "valid_until", "pk")
    by_instrument = groupby(rows, key=attrgetter("instrument_id"))
    return {instrument: list(group) for instrument, group in by_instrument}


def _instruments(technique: str, mine: list[int], *, only_mine: bool) -> tuple[list[Instrument], bool]:
    """Listed instruments, those with hours of the reader's first; and whether there are more than one search takes."""
    rows: Any = Instrument.objects.listed().select_related("organisation")
    if technique:
        rows = rows.of_technique(technique)
    if only_mine:
        rows = rows.filter(pk__in=mine)
    else:
        rows = rows.annotate(has_hours=ExpressionWrapper(Q(pk__in=mine), BooleanField())).order_by(
            "-has_hours", "name", "pk"
        )
    found = list(rows[: MOST + 1])
    return found[:MOST], len(found) > MOST
