"""Awards by the clock."""

from celery import shared_task
from django.utils import timezone

from calls.actions import award


@shared_task(name="calls.settle_awards")
def settle_awards() -> None:
    """Lapse unanswered offers, end awards that are over, warn of those that soon will be."""
    now = timezone.now()
    award.lapse_unanswered(now)
    award.end_expired(now)
    award.warn_expiring(now)


@shared_task(name="calls.check_balances")
def check_balances() -> None:
    award.check_balances()
