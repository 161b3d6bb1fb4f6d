"""When a gift is asked after, and when that is of no use any more."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from donations.actions.moving import locked, move
from donations.enums import FollowUpState
from donations.models import FollowUp, Match
from portal.audit.actions import record
from portal.core.times import months_after

MONTHS = (3, 6, 12)
OPEN = (FollowUpState.DUE, FollowUpState.ASKED, FollowUpState.SILENT)  # may still be answered


@transaction.atomic
def plan_follow_ups(match: Match) -> list[FollowUp]:
    """Plan to ask 3, 6 and 12 months after the gift came, a loan only while it is there; twice plans once."""
    came = timezone.localdate(match.completed_at)
    days = {months: months_after(came, months) for months in MONTHS}
    wanted = {months: day for months, day in days.items() if match.back_on is None or day <= match.back_on}
    there = set(match.follow_ups.values_list("months", flat=True))
    missing = {months: day for months, day in wanted.items() if months not in there}
    rows = [FollowUp(match=match, months=months, due_on=day) for months, day in missing.items()]
    made = FollowUp.objects.bulk_create(rows)
    if made:
        record(match, "plan_follow_ups", months=sorted(missing))
    return made


@transaction.atomic
def cancel_follow_ups(match: Match, *, by: Any, why: str = "", after: int = 0) -> int:
    """Ask no more about a match, as of the questions later than `after` months; return how many are cancelled."""
    rows = match.follow_ups.filter(state__in=OPEN, months__gt=after).order_by("pk")
    return sum(_cancel(row, by, why) for row in rows)


def _cancel(follow_up: FollowUp, by: Any, why: str) -> bool:
    row = locked(follow_up)
    if row.state not in OPEN:
        return False
    move(row, "cancel", by=by, why=why)
    return True
