"""What a change of hours, policy or a closure would look like, for the page that shows it before it is saved."""

from collections.abc import Iterable, Mapping
from copy import copy
from datetime import datetime
from typing import Any

from instruments import words
from instruments.models import Instrument, OpeningHours, Policy

MOST_DAYS = 14


def of_hours(instrument: Instrument, stretches: Iterable[tuple[int, int, int]]) -> dict[str, Any]:
    """The week as it would be, beside what it is."""
    after = [OpeningHours(weekday=day, opens=opens, closes=closes) for day, opens, closes in sorted(stretches)]
    return {"week": words.changed_week(instrument.opening_hours.all(), after)}


def of_policy(policy: Policy, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The sentences that would be true, and those that would be no longer."""
    changed = copy(policy)
    for name, value in typed.items():
        setattr(changed, name, value)
    before, after = words.policy_sentences(policy), words.policy_sentences(changed)
    return {
        "sentences": [(sentence, sentence not in before) for sentence in after],
        "gone": [sentence for sentence in before if sentence not in after],
    }


def of_closure(instrument: Instrument, start: datetime, end: datetime) -> dict[str, Any]:
    """The days that it would touch, the first of them where they are many."""
    begin, until = (moment.astimezone(instrument.zone) for moment in (start, end))
    days = words.closed_days(instrument.opening_hours.all(), begin, until, MOST_DAYS)
    return {"days": days, "more_days": max((until.date() - begin.date()).days + 1 - MOST_DAYS, 0)}
