"""All rules together, and which of them staff may set aside."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from bookings.facts import Facts
from bookings.policy.award import of_award, of_hours, of_limits
from bookings.policy.people import of_people
from bookings.policy.time import of_instrument, of_length, of_the_clock, of_the_week, of_the_wish
from bookings.slots import Span
from bookings.standing import Standing
from calls.models import Award
from portal.core.errors import Reason

# What no reason given by staff sets aside: nothing real could be booked then, or nobody would pay for it.
NEVER_OVERRIDDEN = frozenset(
    {
        "empty",
        "not_whole_minutes",
        "longer_than_a_year",
        "in_the_past",
        "no_unit",
        "award_not_active",
        "other_instrument",
        "not_enough_hours",
        "not_of_the_award",
    }
)


def reasons_against(facts: Facts, period: Span, now: datetime, award: Award | Standing | None = None) -> list[Reason]:
    """Why `period` cannot be booked on this instrument by anybody (with this award, if given); empty when it can."""
    if malformed := list(of_the_wish(period)):
        return malformed
    found = [*of_instrument(facts), *of_the_clock(facts, period, now), *of_length(facts, period)]
    found += of_the_week(facts, period)
    if award:
        found += of_award(facts, period, award)
    return found


def verdict(
    facts: Facts,
    period: Span,
    now: datetime,
    standing: Standing,
    *,
    by: Any = None,
    people: Collection[int] | None = None,
) -> list[Reason]:
    """Why `by` cannot book `period` with this award for `people` (ids of users); empty when all rules allow it.

    Without `people` those who take part in the booking that moves, else any of the award's; without `by` nobody's
    membership is asked for.
    """
    found = reasons_against(facts, period, now, standing)
    if any(reason.code in MALFORMED for reason in found):
        return found
    found += [*of_limits(facts, period, standing), *of_hours(facts, period, standing)]
    return [*found, *of_people(facts, period, standing, by=by, people=people)]


MALFORMED = frozenset({"empty", "not_whole_minutes", "longer_than_a_year"})


def is_final(reason: Reason) -> bool:
    """Whether not even staff may set it aside."""
    return reason.code in NEVER_OVERRIDDEN
