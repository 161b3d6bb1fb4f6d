"""What the rules need to know of an instrument, or of many, read in one statement."""

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from operator import attrgetter
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.db import connection

from bookings.slots import DAY, MINUTE, Span, Stretch, day_slots, debited_minutes, hour_slots, open_spans, wall_moment
from instruments.enums import InstrumentState
from instruments.models import Instrument, Policy

# By hand, since it runs with every booking and every week: the ORM takes longer to write it than PostgreSQL to run it.
_FACTS = """
SELECT instrument.id, instrument.state, instrument.time_zone, to_jsonb(policy),
    (SELECT jsonb_agg(jsonb_build_array(weekday, opens, closes))
        FROM instruments_openinghours WHERE instrument_id = instrument.id),
    (SELECT jsonb_agg(jsonb_build_array(id, name) ORDER BY id)
        FROM instruments_unit WHERE instrument_id = instrument.id AND is_active),
    (SELECT jsonb_agg(jsonb_build_array(unit_id, lower(period), upper(period)))
        FROM instruments_closure WHERE instrument_id = instrument.id AND period && tstzrange(%s, %s))
FROM instruments_instrument instrument JOIN instruments_policy policy ON policy.instrument_id = instrument.id
WHERE instrument.id = ANY(%s)
"""


@dataclass(frozen=True)
class UnitFacts:
    """A unit in service and the closures of its own."""

    pk: int
    name: str
    closures: tuple[Span, ...]


@dataclass(frozen=True)
class Facts:
    """An instrument as bookings see it within a window: hours, closures, policy, units. Spans are UTC."""

    instrument: Instrument
    policy: Policy
    state: str
    zone: ZoneInfo
    window: Span
    week: tuple[Stretch, ...]
    closures: tuple[Span, ...]
    units: tuple[UnitFacts, ...]

    @classmethod
    def read(cls, instrument: Instrument, window: Span) -> Self:
        """Look at the instrument again, now; Instrument.DoesNotExist when it or its policy is gone."""
        found = cls.read_many([instrument], window)
        if not found:
            raise Instrument.DoesNotExist
        return found[0]

    @classmethod
    def read_many(cls, instruments: Iterable[Instrument], window: Span) -> list[Self]:
        """The same for many, in their order; an instrument that is gone, or has no policy, is left out."""
        return list(cls._read(list(instruments), window))

    @classmethod
    def _read(cls, instruments: Sequence[Instrument], window: Span) -> Iterator[Self]:
        numbers = [instrument.pk for instrument in instruments]
        with connection.cursor() as cursor:
            cursor.execute(_FACTS, [window.start - 31 * DAY, window.end + 31 * DAY, numbers])
            rows = {row[0]: row[1:] for row in cursor.fetchall()}
        for instrument in instruments:
            if instrument.pk in rows:
                yield cls._of(instrument, window, *rows[instrument.pk])

    @classmethod
    def _of(cls, instrument: Instrument, window: Span, state: str, zone: str, policy: str, *parts: str | None) -> Self:
        hours, units, closures = map(_rows, parts)
        shut = [(unit, _span(start, end)) for unit, start, end in closures]
        return cls(
            instrument=instrument,
            policy=Policy(**json.loads(policy)),
            state=state,
            zone=ZoneInfo(zone),
            window=window,
            week=tuple(Stretch(*stretch) for stretch in hours),
            closures=tuple(span for unit, span in shut if unit is None),
            units=tuple(UnitFacts(pk, name, tuple(span for unit, span in shut if unit == pk)) for pk, name in units),
        )

    @property
    def is_listed(self) -> bool:
        return self.state == InstrumentState.LISTED

    @cached_property
    def opening(self) -> list[Span]:
        """When the laboratory is open in and around the window, joined where stretches meet."""
        return open_spans(self.week, self.zone, *self._reach)

    @cached_property
    def runs(self) -> list[Span]:
        """The stretches in which steps are counted: from each opening, where it never closes from each midnight.

        They must not depend on the window, or a time that one page offers would be refused on the next.
        """
        if sum(stretch.closes - stretch.opens for stretch in self.week) < 7 * 1440:
            return self.opening
        first, last = self._reach
        midnights = [wall_moment(first + n * DAY, 0, self.zone) for n in range((last - first).days + 2)]
        return [Span(*pair) for pair in pairwise(midnights)]

    @property
    def _reach(self) -> tuple[date, date]:
        """The days around the window that matter to it; what is open on its first day opened within the week before."""
        reach = max(timedelta(minutes=self.policy.longest), 7 * DAY) + DAY
        first, last = self.window.start - reach, self.window.end + reach
        return first.astimezone(self.zone).date(), last.astimezone(self.zone).date()

    def is_open(self, period: Span) -> bool:
        """Whether the laboratory is open during the whole period, closures apart."""
        opening = _around(self.opening, period.start)
        return opening is not None and opening.covers(period)

    def is_on_grid(self, period: Span) -> bool:
        """Whether a period begins and ends where the policy's steps do."""
        if self.policy.whole_days:
            return all(self._begins_a_day(moment) for moment in (period.start, period.end))
        run, step = _around(self.runs, period.start), self.policy.step * MINUTE
        return run is not None and not (period.start - run.start) % step and not (period.end - period.start) % step

    def _begins_a_day(self, moment: datetime) -> bool:
        """Whether a bookable day begins then; where the clock skips that hour it begins with the jump."""
        return moment == wall_moment(moment.astimezone(self.zone).date(), self.policy.day_starts, self.zone)

    def days_of(self, period: Span) -> tuple[date, date]:
        """The first and the last day of the period on the laboratory's calendar."""
        first, last = period.start.astimezone(self.zone), (period.end - MINUTE).astimezone(self.zone)
        return first.date(), last.date()

    def week_of(self, moment: datetime) -> Span:
        """Monday to Monday around a moment, on the laboratory's calendar."""
        day = moment.astimezone(self.zone).date()
        monday = day - day.weekday() * DAY
        return Span(*(wall_moment(day, 0, self.zone) for day in (monday, monday + 7 * DAY)))

    def occupied(self, period: Span) -> Span:
        """The period and the change-over around it: what is guarded."""
        return period.widened(self.policy.before * MINUTE, self.policy.after * MINUTE)

    def cost(self, period: Span) -> int:
        """Minutes that the award pays for the period."""
        return debited_minutes(period, self.zone, whole_days=self.policy.whole_days)

    def slots(self, minutes: int, stride: int = 1) -> Iterator[Span]:
        """Every period of this length within the window that opening hours and step allow, in order, taken or not.

        `stride` takes only every so many steps, where a page would grow too long.
        """
        found: Iterable[Span]
        if self.policy.whole_days:
            first, last = (moment.astimezone(self.zone).date() for moment in (self.window.start, self.window.end))
            found = day_slots(self.opening, self.zone, self.policy.day_starts, max(minutes // 1440, 1), first, last)
        else:
            step = stride * self.policy.step * MINUTE
            found = hour_slots(self.opening, step, minutes * MINUTE, self.runs)
        return (slot for slot in found if self.window.start <= slot.start < self.window.end)

    def length_for(self, minutes: int) -> int | None:
        """The shortest length that may be booked and is no shorter than `minutes`; None where none is that long."""
        step = 1440 if self.policy.whole_days else self.policy.step
        length = -(-max(minutes, self.policy.shortest) // step) * step
        return length if length <= self.policy.longest else None

    def lengths(self) -> list[int]:
        """The lengths that may be booked, in minutes; thinned out to at most 24 for a choice on a page."""
        policy = self.policy
        step = 1440 if policy.whole_days else policy.step
        shortest = -(-policy.shortest // step) * step
        every = list(range(shortest, policy.longest + 1, step))
        stride = -(-len(every) // 24)
        return every[::stride] if stride else []


def _around(spans: Sequence[Span], moment: datetime) -> Span | None:
    """Of spans in order that do not overlap the one in which `moment` lies."""
    place = bisect_right(spans, moment, key=attrgetter("start"))
    return spans[place - 1] if place and moment < spans[place - 1].end else None


def period_from(instrument: Instrument, start: datetime, minutes: int) -> Span:
    """The period of this length from `start`; whole days end at the wall time at which days begin."""
    if not instrument.policy.whole_days:
        return Span(start, start + minutes * MINUTE)
    zone = ZoneInfo(instrument.time_zone)
    days = max(round(minutes / 1440), 1)  # the night of a clock change is an hour shorter or longer
    day = start.astimezone(zone).date() + days * DAY
    return Span(start, wall_moment(day, instrument.policy.day_starts, zone))


def _rows(text: str | None) -> Any:
    """What jsonb_agg gave: a list, or nothing where there was no row."""
    return json.loads(text) if text else []


def _span(start: str, end: str) -> Span:
    return Span(datetime.fromisoformat(start), datetime.fromisoformat(end))
