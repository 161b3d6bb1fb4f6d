"""What instruments were used for, week by week on the laboratory's calendar: minutes, from one statement and the hours.

Open time is counted by the hours and closures of today, over the units in service today: earlier ones are not kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from itertools import chain

from django.db import connection

from bookings.enums import BookingState
from bookings.facts import Facts
from bookings.slots import DAY, MINUTE, Span, common, joined, wall_moment
from bookings.timeline import without

# The weeks are joined to the bookings that begin in them or up to the longest booking before, which the index
# booking_of_an_instrument finds; of each only the part within the week counts. LONGEST stands beside the policy, which
# was another one once and which staff may set aside.
_BOOKED = """
SELECT week.instrument, week.number, booking.state,
    sum(extract(epoch FROM upper(booking.period * week.span) - lower(booking.period * week.span)) / 60),
    sum(extract(epoch FROM upper(worked.span * week.span) - lower(worked.span * week.span)) / 60)
FROM (
    SELECT instrument, number, since, tstzrange(starts, ends) AS span
    FROM unnest(%s::bigint[], %s::int[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[])
        AS of_week(instrument, number, since, starts, ends)
) week
JOIN bookings_booking booking ON booking.instrument_id = week.instrument
    AND lower(booking.period) BETWEEN week.since AND upper(week.span) AND booking.period && week.span
LEFT JOIN bookings_session session ON session.booking_id = booking.id
CROSS JOIN LATERAL (
    SELECT booking.period * tstzrange(
        coalesce(session.opened_at, lower(booking.period)),
        greatest(coalesce(session.closed_at, upper(booking.period)), session.opened_at, lower(booking.period))
    ) AS span
) worked
WHERE booking.state IN %s
GROUP BY 1, 2, 3
"""
LONGEST = 31 * DAY
COUNTED = (BookingState.CONFIRMED, BookingState.COMPLETED, BookingState.MISSED, BookingState.FAILED)


@dataclass(frozen=True)
class Figures:
    """Minutes of units: `booked` is all that was kept for somebody, with what they used, missed and lost to failures.

    What is booked and none of the three is still to come, or was given back by ending early.
    """

    open: int = 0
    booked: int = 0
    used: int = 0
    missed: int = 0
    failed: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))

    @property
    def booked_percent(self) -> int | None:
        return self._percent(self.booked)

    @property
    def used_percent(self) -> int | None:
        """How much of the open time somebody worked; None where it was never open."""
        return self._percent(self.used)

    def _percent(self, minutes: int) -> int | None:
        return round(100 * minutes / self.open) if self.open else None


@dataclass(frozen=True)
class Usage:
    """An instrument's figures, one for each week asked about."""

    facts: Facts
    weeks: Sequence[Figures]

    @property
    def total(self) -> Figures:
        return sum(self.weeks, start=Figures())


def usage_of(many: Sequence[Facts], mondays: Sequence[date]) -> list[Usage]:
    """The figures of each instrument in each of the weeks that begin on these Mondays; `many` cover them all."""
    weeks = {facts.instrument.pk: [_week(facts, monday) for monday in mondays] for facts in many}
    booked = _booked(many, weeks)
    found = []
    for facts in many:
        spans = weeks[facts.instrument.pk]
        opened = [_open_minutes(facts, span) for span in spans]
        rows = [booked.get((facts.instrument.pk, number), {}) for number in range(len(spans))]
        found.append(Usage(facts, [_figures(minutes, row) for minutes, row in zip(opened, rows, strict=True)]))
    return found


def _week(facts: Facts, monday: date) -> Span:
    return Span(wall_moment(monday, 0, facts.zone), wall_moment(monday + 7 * DAY, 0, facts.zone))


def _open_minutes(facts: Facts, week: Span) -> int:
    """Opening hours within the week less the closures, over all units in service."""
    opening = common(facts.opening, [week])
    parts = (without(opening, joined([*facts.closures, *unit.closures])) for unit in facts.units)
    return sum(span.minutes for span in chain.from_iterable(parts))


def _booked(many: Sequence[Facts], weeks: dict[int, list[Span]]) -> dict[tuple[int, int], dict[str, tuple[int, int]]]:
    """(instrument, number of the week) -> state -> (minutes booked, minutes worked)."""
    lines = list(_lines(many, weeks))
    found: dict[tuple[int, int], dict[str, tuple[int, int]]] = {}
    if not lines:
        return found
    columns = [list(column) for column in zip(*lines, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_BOOKED, [*columns, tuple(map(str, COUNTED))])
        for instrument, number, state, booked, worked in cursor.fetchall():
            found.setdefault((instrument, number), {})[state] = (round(booked or 0), round(worked or 0))
    return found


def _lines(many: Sequence[Facts], weeks: dict[int, list[Span]]) -> Iterator[tuple[object, ...]]:
    for facts in many:
        longest = max(timedelta(minutes=facts.policy.longest), LONGEST) + 60 * MINUTE  # a night may have an hour more
        for number, week in enumerate(weeks[facts.instrument.pk]):
            yield facts.instrument.pk, number, week.start - longest, week.start, week.end


def _figures(open_minutes: int, by_state: dict[str, tuple[int, int]]) -> Figures:
    def booked(state: str) -> int:
        return by_state.get(state, (0, 0))[0]

    return Figures(
        open=open_minutes,
        booked=sum(booked(state) for state in COUNTED),
        used=by_state.get(BookingState.COMPLETED, (0, 0))[1],
        missed=booked(BookingState.MISSED),
        failed=booked(BookingState.FAILED),
    )
