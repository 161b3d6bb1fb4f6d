"""From a laboratory's week to moments: pure functions of opening hours, policy and zone, no database.

Opening hours are wall time; everything returned is UTC. An hour that a clock change skips begins when the clock has
passed it; an hour that comes twice opens at its first and closes at its second coming.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of time `[start, end)` between two aware moments."""

    start: datetime
    end: datetime

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end

    def covers(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end

    def widened(self, before: timedelta, after: timedelta) -> "Span":
        return Span(self.start - before, self.end + after)

    @property
    def minutes(self) -> int:
        """Elapsed minutes: a night in which the clock jumps forward has fewer than it seems."""
        return int((self.end - self.start) / MINUTE)


@dataclass(frozen=True)
class Stretch:
    """One stretch of a weekday in wall time: minutes from midnight, 1440 the midnight that ends the day."""

    weekday: int
    opens: int
    closes: int


def wall_moment(day: date, minutes: int, zone: ZoneInfo, *, last: bool = False) -> datetime:
    """The UTC moment at which a clock in `zone` shows `minutes` after midnight of `day`.

    `last` takes the second coming of an hour that comes twice. A skipped time gives the moment of the jump.
    """
    wall = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minutes)
    moment = wall.replace(tzinfo=zone, fold=int(last)).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall:
        return moment
    return _jump_near(wall, zone)


def _jump_near(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which the clock in `zone` jumps over `wall`, to the minute."""
    early = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    late = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    before = early.astimezone(zone).utcoffset()
    minutes = range(int((late - early) / MINUTE) + 1)
    jump = bisect_right(minutes, 0, key=lambda n: (early + n * MINUTE).astimezone(zone).utcoffset() != before)
    return early + jump * MINUTE


def open_spans(week: Iterable[Stretch], zone: ZoneInfo, first: date, last: date) -> list[Span]:
    """When the laboratory is open on its days `first` to `last`, both included, joined where they meet."""
    week = list(week)
    days = (first + offset * DAY for offset in range((last - first).days + 1))
    spans = (
        Span(wall_moment(day, stretch.opens, zone), wall_moment(day, stretch.closes, zone, last=True))
        for day in days
        for stretch in week
        if stretch.weekday == day.weekday()
    )
    return joined(span for span in spans if span.start < span.end)


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same time as stretches that neither meet nor overlap, in order."""
    result: list[Span] = []
    for span in sorted(spans):
        if result and span.start <= result[-1].end:
            result[-1] = Span(result[-1].start, max(result[-1].end, span.end))
        else:
            result.append(span)
    return result


def common(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    """The time that lies in both; each of them joined and in order, as `joined` gives them."""
    meets = (Span(max(a.start, b.start), min(a.end, b.end)) for a in one for b in other if a.overlaps(b))
    return sorted(meets)


def hour_slots(
    opening: Sequence[Span], step: timedelta, length: timedelta, runs: Iterable[Span] | None = None
) -> Iterator[Span]:
    """Every period of `length` that begins a whole number of steps after an opening and ends before closing.

    `runs` are where steps are counted anew, in order and each within one opening; by default the openings.
    """
    openings = iter(opening)
    open_now = next(openings, None)
    for run in opening if runs is None else runs:
        while open_now and open_now.end <= run.start:
            open_now = next(openings, None)
        start = run.start
        while open_now and start < run.end and start + length <= open_now.end:
            yield Span(start, start + length)
            start += step


def day_slots(
    opening: Sequence[Span], zone: ZoneInfo, day_starts: int, days: int, first: date, last: date
) -> Iterator[Span]:
    """Every period of `days` whole days from `day_starts` on a day from `first` to `last`, where open throughout."""
    for offset in range((last - first).days + 1):
        day = first + offset * DAY
        slot = Span(wall_moment(day, day_starts, zone), wall_moment(day + days * DAY, day_starts, zone))
        if any(span.covers(slot) for span in opening):
            yield slot


def debited_minutes(period: Span, zone: ZoneInfo, *, whole_days: bool) -> int:
    """What a period costs: elapsed minutes, but 1440 for each whole day, however long the clock change made it."""
    if not whole_days:
        return period.minutes
    days = period.end.astimezone(zone).date() - period.start.astimezone(zone).date()
    return days.days * 1440
