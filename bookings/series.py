"""The same time every week: pure arithmetic on the laboratory's wall clock, and what speaks against each time of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bookings.facts import Facts, period_from
from bookings.free import Occupancy
from bookings.policy import verdict
from bookings.slots import DAY, Span, wall_moment
from bookings.standing import Standing
from instruments.models import Instrument
from portal.core.errors import Reason

LEAST, MOST = 2, 26
# What speaks against a time only because of others booked in the same go: leave one of those out, and it goes.
OF_THE_WHOLE = frozenset({"not_enough_hours", "open_limit", "weekly_limit"})


@dataclass(frozen=True)
class Occurrence:
    """One time of a series and why it cannot be booked, after those before it; empty when it can.

    `may_be_chosen` says that it could be if others were left out.
    """

    period: Span
    reasons: Sequence[Reason]
    may_be_chosen: bool


def weekly(instrument: Instrument, first: datetime, minutes: int, times: int) -> list[Span]:
    """`times` periods a week apart, from `first` on, at the same time on the laboratory's clock.

    Where a clock change skips that time, the period begins as the clock has passed it; where it comes twice, at its
    first coming. `minutes` as in `period_from`.
    """
    zone = instrument.zone
    wall = first.astimezone(zone)
    later = (
        wall_moment(wall.date() + 7 * n * DAY, wall.hour * 60 + wall.minute, zone).replace(second=wall.second)
        for n in range(1, times)
    )
    return [period_from(instrument, start, minutes) for start in (first, *later)]


def judged(
    facts: Facts, occupancy: Occupancy, standing: Standing, periods: Iterable[Span], now: datetime, *, by: Any
) -> list[Occurrence]:
    """Each of the periods, in order, with what speaks against it once those before it are booked."""
    alone, occurrences = standing, []
    for period in periods:
        taken = [] if occupancy.free_unit(facts, period) is not None else [_taken()]
        reasons = [*verdict(facts, period, now, standing, by=by), *taken]
        if not reasons:
            standing = standing.having(facts, period)
        beside = {reason.code for reason in reasons} <= OF_THE_WHOLE
        may_be_chosen = beside and not verdict(facts, period, now, alone, by=by)
        occurrences.append(Occurrence(period, reasons, may_be_chosen))
    return occurrences


def _taken() -> Reason:
    return Reason("taken", _("Somebody has booked this time."))
