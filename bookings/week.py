"""A week or a day of one instrument as its reader sees it: the reader's calendar, slots on both clocks."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bookings.facts import Facts
from bookings.free import Occupancy, free_slots
from bookings.slots import DAY, Span, common, joined, wall_moment
from portal.core.times import ClockChange, clock_changes, is_in_reach

_WEEK = re.compile(r"([12]\d{3})-W(\d{2})")  # years near either end of the calendar have no room for zones
MOST_SLOTS = 16 * 7  # more in one week would make the page heavy; then only every so many steps are offered


@dataclass(frozen=True)
class Entry:
    """A line of a day: a free slot to choose, or a time that cannot be chosen and why."""

    span: Span
    kind: str  # "free", "taken", "closed", or "own" for a booking of the reader's own award

    @property
    def value(self) -> str:
        return self.span.start.strftime("%Y-%m-%dT%H:%MZ")


@dataclass(frozen=True)
class Day:
    """A day of the reader's calendar with its entries in order."""

    day: date
    entries: list[Entry]

    @property
    def name(self) -> str:
        """`2027-03-22`"""
        return self.day.isoformat()

    @property
    def free(self) -> int:
        return sum(entry.kind == "free" for entry in self.entries)


@dataclass(frozen=True)
class Week:
    """Days in the reader's zone, Monday to Sunday or a single one; `changes` are clock changes with their zone."""

    days: list[Day]
    changes: list[tuple[ZoneInfo, ClockChange]]

    @property
    def first(self) -> date:
        return self.days[0].day

    @property
    def last(self) -> date:
        return self.days[-1].day

    @property
    def is_day(self) -> bool:
        return len(self.days) == 1

    @property
    def name(self) -> str:
        """How an address asks for it: `week=2027-W12` or `day=2027-03-22`."""
        return self._named(self.first)

    @property
    def previous(self) -> str:
        return self._named(self.first - len(self.days) * DAY)

    @property
    def next(self) -> str:
        return self._named(self.last + DAY)

    @property
    def free(self) -> int:
        return sum(day.free for day in self.days)

    def _named(self, first: date) -> str:
        return f"day={first}" if self.is_day else f"week={week_name(first)}"


def week_name(day: date) -> str:
    """`2027-W12`: the ISO week of a day."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def monday_of(name: str, today: date) -> date:
    """The Monday of the ISO week called `name`; of this week where the name is none."""
    found = _WEEK.fullmatch(name)
    try:
        return date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else today - today.weekday() * DAY
    except ValueError:
        return today - today.weekday() * DAY


def day_called(name: str) -> date | None:
    """The day called `2027-03-22`; None where the name is none, or of a day out of reach."""
    try:
        day = date.fromisoformat(name) if len(name) == len("2027-03-22") else None
    except ValueError:
        return None
    return day if day and is_in_reach(day) else None


def window_of(first: date, zone: ZoneInfo, days: int = 7) -> Span:
    """The moments (UTC) at which these days begin and end in the reader's zone."""
    return Span(wall_moment(first, 0, zone), wall_moment(first + days * DAY, 0, zone))


def read_week(
    facts: Facts, monday: date, zone: ZoneInfo, minutes: int, now: datetime, occupancy: Occupancy, own: Collection[int]
) -> Week:
    """Lay out the week: free slots of `minutes`, times that cannot be chosen, and bookings of the awards `own`."""
    free = free_slots(facts, minutes, now, occupancy, _stride(facts))
    return _laid_out(facts, [monday + offset * DAY for offset in range(7)], zone, free, occupancy, own)


def read_day(
    facts: Facts, day: date, zone: ZoneInfo, minutes: int, now: datetime, occupancy: Occupancy, own: Collection[int]
) -> Week:
    """Lay out one day in the same way, with every step at which a slot can begin."""
    return _laid_out(facts, [day], zone, free_slots(facts, minutes, now, occupancy), occupancy, own)


def _laid_out(
    facts: Facts, days: list[date], zone: ZoneInfo, free: Iterable[Span], occupancy: Occupancy, own: Collection[int]
) -> Week:
    mine = [period for period, award in occupancy.bookings if award in own and period.overlaps(facts.window)]
    entries = [Entry(slot, "free") for slot in free]
    entries += [Entry(span, "own") for span in mine]
    entries += [Entry(span, "closed") for span in _while_open(facts, facts.closures)]
    entries += [
        Entry(span, "taken")
        for span in _while_open(facts, occupancy.full())
        if not any(period.covers(span) for period in mine)
    ]
    by_day = _by_day(entries, days[0], zone)
    changes = [(place, change) for place in {zone, facts.zone} for change in clock_changes(days[0], days[-1], place)]
    return Week([Day(day, by_day[day]) for day in days], changes)


def _by_day(entries: list[Entry], first: date, zone: ZoneInfo) -> defaultdict[date, list[Entry]]:
    """The entries of each day of the calendar in `zone`, in order; what began before `first` is on that day."""
    days: defaultdict[date, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: (entry.span.start, entry.kind)):
        days[max(entry.span.start.astimezone(zone).date(), first)].append(entry)
    return days


def _while_open(facts: Facts, spans: Iterable[Span]) -> list[Span]:
    """The parts of these spans within opening time and the window."""
    opening = common(facts.opening, [facts.window])
    return common(opening, joined(spans))


def _stride(facts: Facts) -> int:
    """How many steps to go on for the next slot on a page."""
    weekly = sum(stretch.closes - stretch.opens for stretch in facts.week)
    return max(1, -(-weekly // (facts.policy.step * MOST_SLOTS)))
