"""One week of one instrument as its reader sees it: days of the reader's calendar, slots on both clocks."""

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bookings.facts import Facts
from bookings.free import Occupancy, free_slots
from bookings.slots import DAY, Span
from portal.core.times import ClockChange, clock_changes

_WEEK = re.compile(r"([12]\d{3})-W(\d{2})")  # years near either end of the calendar have no room for zones
MOST_SLOTS = 16 * 7  # more in one week would make the page heavy; then only every so many steps are offered


@dataclass(frozen=True)
class Entry:
    """A line of a day: a free slot to choose, a time that is taken, or a booking of the reader's own award."""

    span: Span
    kind: str  # "free", "taken" or "own"

    @property
    def value(self) -> str:
        return self.span.start.strftime("%Y-%m-%dT%H:%MZ")


@dataclass(frozen=True)
class Day:
    """A day of the reader's calendar with its entries in order."""

    day: date
    entries: list[Entry]

    @property
    def free(self) -> int:
        return sum(entry.kind == "free" for entry in self.entries)


@dataclass(frozen=True)
class Week:
    """Monday to Sunday in the reader's zone; `changes` are clock changes with the zone they happen in."""

    monday: date
    days: list[Day]
    changes: list[tuple[ZoneInfo, ClockChange]]

    @property
    def sunday(self) -> date:
        return self.monday + 6 * DAY

    @property
    def previous(self) -> str:
        return week_name(self.monday - 7 * DAY)

    @property
    def next(self) -> str:
        return week_name(self.monday + 7 * DAY)

    @property
    def free(self) -> int:
        return sum(day.free for day in self.days)


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


def window_of(monday: date, zone: ZoneInfo) -> Span:
    """The moments at which the week begins and ends in the reader's zone."""
    begin, end = (datetime.combine(day, time(), tzinfo=zone) for day in (monday, monday + 7 * DAY))
    return Span(begin, end)


def read_week(
    facts: Facts, monday: date, zone: ZoneInfo, minutes: int, now: datetime, occupancy: Occupancy, own: Collection[int]
) -> Week:
    """Lay out the week: free slots of `minutes`, times that are taken, and bookings of the awards `own`."""
    entries = [Entry(slot, "free") for slot in free_slots(facts, minutes, now, occupancy, _stride(facts))]
    mine = [period for period, award in occupancy.bookings if award in own]
    entries += [Entry(span, "own") for span in mine]
    entries += [
        Entry(span, "taken") for span in _taken(facts, occupancy) if not any(period.covers(span) for period in mine)
    ]
    by_day = _by_day(entries, zone)
    days = [Day(day, by_day[day]) for day in (monday + offset * DAY for offset in range(7))]
    changes = [
        (place, change) for place in {zone, facts.zone} for change in clock_changes(monday, monday + 6 * DAY, place)
    ]
    return Week(monday, days, changes)


def _by_day(entries: list[Entry], zone: ZoneInfo) -> defaultdict[date, list[Entry]]:
    """The entries of each day of the calendar in `zone`, in order."""
    days: defaultdict[date, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: (entry.span.start, entry.kind)):
        days[entry.span.start.astimezone(zone).date()].append(entry)
    return days


def _taken(facts: Facts, occupancy: Occupancy) -> list[Span]:
    """Opening time within the window in which no unit is free."""
    full = [span for span in occupancy.full() if span.overlaps(facts.window)]
    return [Span(max(a.start, b.start), min(a.end, b.end)) for a in full for b in facts.opening if a.overlaps(b)]


def _stride(facts: Facts) -> int:
    """How many steps to go on for the next slot on a page."""
    weekly = sum(stretch.closes - stretch.opens for stretch in facts.week)
    return max(1, -(-weekly // (facts.policy.step * MOST_SLOTS)))
