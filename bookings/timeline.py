"""A laboratory's units over a week or a day: what is booked, closed and free, and where that lies in the drawing.

Pure: rows in, places out. A column is a day of the reader's calendar from the first to the last hour that any unit
has something to show; x is in percent of the drawing, so nothing depends on its width.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bookings.enums import OCCUPYING
from bookings.facts import Facts, UnitFacts
from bookings.models import Booking
from bookings.slots import DAY, MINUTE, Span, joined, wall_moment

LEAST_FREE = timedelta(minutes=15)
LAST = 24 * 60


@dataclass(frozen=True)
class Piece:
    """A stretch of a unit's time: `kind` is "booking", "closed" or "free"."""

    kind: str
    span: Span
    booking: Booking | None = None

    @property
    def look(self) -> str:
        return self.booking.state if self.booking else self.kind


@dataclass(frozen=True)
class Lane:
    """A unit with its pieces in order; `is_active` is no for one out of service that is still booked."""

    facts: Facts
    unit: Any  # UnitFacts, or the Unit itself where it is out of service
    pieces: Sequence[Piece]
    is_active: bool = True


@dataclass(frozen=True)
class Scale:
    """The columns of a drawing: a day of the calendar and the part of it that is shown."""

    days: Sequence[tuple[date, Span]]

    @property
    def window(self) -> Span:
        return Span(self.days[0][1].start, self.days[-1][1].end)

    def place(self, moment: datetime) -> float:
        """Where a moment lies, in percent from the left; what lies between two columns is at their border."""
        for number, (_day, span) in enumerate(self.days):
            if moment <= span.start:
                return 100 * number / len(self.days)
            if moment < span.end:
                return 100 * (number + (moment - span.start) / (span.end - span.start)) / len(self.days)
        return 100.0

    def hours(self) -> Iterator[datetime]:
        """The whole hours of the first column: what a drawing of one day is divided by."""
        moment = self.days[0][1].start
        while moment < self.days[0][1].end:
            yield moment
            moment += timedelta(hours=1)


def lanes_of(many: Iterable[Facts], bookings: Iterable[Booking], now: datetime) -> list[Lane]:
    """A lane for every unit in service, and for those out of it that are booked all the same."""
    by_unit: dict[int, list[Booking]] = {}
    for booking in bookings:
        by_unit.setdefault(booking.unit_id, []).append(booking)
    lanes = []
    for facts in many:
        lanes += [Lane(facts, unit, _pieces(facts, unit, by_unit.pop(unit.pk, []), now)) for unit in facts.units]
        stray = {rows[0].unit: rows for rows in by_unit.values() if rows[0].instrument_id == facts.instrument.pk}
        lanes += [Lane(facts, unit, _booked(rows), is_active=False) for unit, rows in stray.items()]
    return lanes


def _booked(bookings: Iterable[Booking]) -> list[Piece]:
    return [Piece("booking", booking.span, booking) for booking in sorted(bookings, key=lambda row: row.start)]


def _pieces(facts: Facts, unit: UnitFacts, bookings: Sequence[Booking], now: datetime) -> list[Piece]:
    closed = [span for span in joined([*facts.closures, *unit.closures]) if span.overlaps(facts.window)]
    taken = [row.occupied_span for row in bookings if row.state in OCCUPYING]
    future = Span(max(now, facts.window.start), facts.window.end)
    opening = [cut for span in facts.opening if (cut := _cut(span, future))]
    free = [span for span in without(opening, [*closed, *taken]) if span.end - span.start >= LEAST_FREE]
    pieces = [
        *_booked(bookings),
        *(Piece("closed", span) for span in closed),
        *(Piece("free", _to_minutes(span)) for span in free),
    ]
    return sorted(pieces, key=lambda piece: (piece.span.start, piece.kind))


def without(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """The time of `spans` that lies in none of the others."""
    left = joined(spans)
    for other in joined(others):
        left = [part for span in left for part in _minus(span, other)]
    return left


def _minus(span: Span, other: Span) -> Iterator[Span]:
    if not span.overlaps(other):
        yield span
        return
    if span.start < other.start:
        yield Span(span.start, other.start)
    if other.end < span.end:
        yield Span(other.end, span.end)


def _cut(span: Span, window: Span) -> Span | None:
    return Span(max(span.start, window.start), min(span.end, window.end)) if span.overlaps(window) else None


def _to_minutes(span: Span) -> Span:
    """From a whole minute on: what is free from now on begins with the next one."""
    rest = span.start.replace(second=0, microsecond=0)
    return span if rest == span.start else Span(rest + MINUTE, span.end)


def scale_of(first: date, days: int, zone: ZoneInfo, lanes: Iterable[Lane]) -> Scale:
    """The columns of the `days` from `first` on, all with the same hours: those that any opening or booking touches."""
    busy = [span for lane in lanes for span in [*lane.facts.opening, *(piece.span for piece in _of_note(lane))]]
    whole = [Span(wall_moment(day, 0, zone), wall_moment(day + DAY, 0, zone)) for day in _days(first, days)]
    marks = [_minutes(cut, day, zone) for day in whole for span in busy if (cut := _cut(span, day))]
    opens = min((start for start, _end in marks), default=8 * 60) // 60 * 60
    closes = -(-max((end for _start, end in marks), default=18 * 60) // 60) * 60
    return Scale(
        [
            (day, Span(wall_moment(day, opens, zone), wall_moment(day, closes, zone, last=True)))
            for day in _days(first, days)
        ]
    )


def _of_note(lane: Lane) -> Iterator[Piece]:
    return (piece for piece in lane.pieces if piece.kind == "booking")


def _days(first: date, count: int) -> list[date]:
    return [first + number * DAY for number in range(count)]


def _minutes(cut: Span, day: Span, zone: ZoneInfo) -> tuple[int, int]:
    """When a part of a day begins and ends, in minutes of its wall clock."""
    start, end = cut.start.astimezone(zone), cut.end.astimezone(zone)
    return start.hour * 60 + start.minute, LAST if cut.end == day.end else end.hour * 60 + end.minute
