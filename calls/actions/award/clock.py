"""What the clock does with awards: offers lapse, awards end, hours about to be lost and reports due are told."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from calls import notices
from calls.actions.award.moving import move_each
from calls.actions.outcome.step_up import step_up_after
from calls.enums import AwardKind
from calls.models import Award
from portal.audit.actions import entry, record_all
from portal.core.errors import Forbidden
from portal.notifications.actions import notify_apart, reader
from portal.notifications.kinds import Kind

WARN_BEFORE = timedelta(days=14)
REPORT_WITHIN = timedelta(days=30)
REMIND_BEFORE = timedelta(days=7)


def lapse_unanswered(now: datetime) -> int:
    """Close the offers nobody answered in time, whose hours go to the reserve list; return how many."""
    return move_each(Award.objects.unanswered_at(now).order_by("pk"), "lapse", step_up_after)


def end_expired(now: datetime) -> int:
    """End the active awards whose last day is over on the instrument's clock; return how many."""
    candidates = Award.objects.perhaps_over_at(now).select_related("instrument", "organisation")
    return move_each([award for award in candidates if award.ends_at <= now], "end", _ask_for_report)


def warn_expiring(now: datetime) -> None:
    """Tell holders once that hours will be lost within two weeks; a place or a verified need has none to lose."""
    ending = Award.objects.with_hours_left_until((now + WARN_BEFORE).date()).select_related("holder").order_by("pk")
    _tell(notices.AWARD_EXPIRING, ending, lambda award: str(award.valid_until))


def remind_of_reports(now: datetime) -> None:
    """Tell holders once that a report is due within a week, and once that it is overdue."""
    today = now.date()
    due = Award.objects.report_due_by(today + REMIND_BEFORE).select_related("holder").order_by("pk")
    soon = [award for award in due if not award.is_report_overdue(today)]
    late = [award for award in due if award.is_report_overdue(today)]
    _tell(notices.AWARD_REPORT_DUE, soon, lambda award: str(award.report_due_on))
    _tell(notices.AWARD_REPORT_OVERDUE, late, lambda award: str(award.report_due_on))


@transaction.atomic
def remind_overdue(awards: Iterable[Award], *, by: Any) -> int:
    """Staff ask once more for the overdue reports among `awards`, at most once a day each; return for how many."""
    if not by.has_perm("calls.remind_award"):
        raise Forbidden
    today = timezone.now().date()
    rows = Award.objects.overdue_on(today).filter(pk__in=[award.pk for award in awards]).select_related("holder")
    late = list(rows.order_by("pk"))
    _tell(notices.AWARD_REPORT_OVERDUE, late, lambda award: f"{award.report_due_on}:{today}")
    record_all(entry(award, "remind", by=by) for award in late)
    return len(late)


def _ask_for_report(award: Award) -> None:
    """Set the day by which the report of an award that just ended is due; a verified need has its own follow-up."""
    if award.kind != AwardKind.NEED:
        award.report_due_on = award.valid_until + REPORT_WITHIN
        award.save(update_fields=["report_due_on", "updated_at"])


def _tell(kind: Kind, awards: Iterable[Award], when: Any) -> None:
    notify_apart(
        (kind, f"award:{award.pk}:{when(award)}", reader(award.holder), {"award": award.pk}) for award in awards
    )
