"""What the clock does with agreements: warns of their end at 90 and at 30 days, ends them after their last day."""

import logging
from datetime import date, datetime, timedelta

from django.db import transaction

from instruments import notices
from instruments.actions.agreement import end_agreement
from instruments.actions.telling import operators_at, staff_but
from instruments.enums import AgreementState
from instruments.models import Agreement
from portal.audit.actions import record_each
from portal.core.errors import WrongState
from portal.notifications.actions import notify_apart

logger = logging.getLogger(__name__)
WARN_DAYS = (90, 30)  # before its last day, on the laboratory's clock
BATCH = 200


def end_over(now: datetime) -> int:
    """End those whose last day is over where the laboratory is, each in its own transaction; return how many."""
    latest = (now + timedelta(hours=14)).date()  # the calendar is never further ahead of UTC
    rows = Agreement.objects.filter(state=AgreementState.AGREED, ends_on__lt=latest).select_related("organisation")
    done = 0
    for agreement in rows.order_by("ends_on", "pk")[:BATCH]:
        if agreement.ends_on >= _day(now, agreement):
            continue
        try:
            end_agreement(agreement)
            done += 1
        except WrongState as refusal:  # staff were faster
            logger.info("agreement %s: %s", agreement.ref, refusal)
        except Exception:
            logger.exception("agreement %s was not ended; the next tick tries again", agreement.ref)
    return done


@transaction.atomic
def warn_ending(now: datetime) -> int:
    """Tell staff and operators, once 90 and once 30 days before, of those that nothing follows; return how many."""
    rows = Agreement.objects.ending_by((now + timedelta(days=max(WARN_DAYS) + 1)).date())
    rows = rows.select_related("organisation").select_for_update(of=("self",), skip_locked=True)
    due = [(row, days) for row in rows if (days := _due(now, row))]  # those that were warned stand before the others
    found = [row for row, _days in due]
    Agreement.objects.filter(pk__in=[row.pk for row in found]).update(warned_at=now)
    record_each(found, "warn")
    staff = staff_but() if found else []
    notify_apart(
        (notices.AGREEMENT_ENDING, f"agreement:{row.pk}:{row.ends_on}:{days}", person, {"agreement": row.pk})
        for row, days in due
        for person in {each.user_id: each for each in [*staff, *operators_at(row.organisation_id)]}.values()
    )
    return len(found)


def _due(now: datetime, agreement: Agreement) -> int:
    """Which warning, in days before the end, is due and was not given: 0 for none. A late one stands for both."""
    left = (agreement.ends_on - _day(now, agreement)).days
    days = min((days for days in WARN_DAYS if left <= days), default=0)
    if left < 0 or not days:
        return 0
    warned = agreement.warned_at
    is_new = warned is None or warned.astimezone(agreement.zone).date() < agreement.ends_on - timedelta(days=days)
    return days if is_new else 0


def _day(now: datetime, agreement: Agreement) -> date:
    return now.astimezone(agreement.zone).date()
