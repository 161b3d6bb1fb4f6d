"""Awards by the clock."""

from celery import shared_task
from django.utils import timezone

from calls.actions import award
from calls.actions.outcome import lapse_reserved


@shared_task(name="calls.settle_awards")
def settle_awards() -> None:
    """Lapse unanswered offers and reserve lists, end awards that are over, warn of hours to lose and reports due."""
    now = timezone.now()
    award.lapse_unanswered(now)
    award.end_expired(now)
    lapse_reserved(now)
    award.warn_expiring(now)
    award.remind_of_reports(now)


@shared_task(name="calls.check_balances")
def check_balances() -> None:
    award.check_balances()
