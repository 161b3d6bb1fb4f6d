"""Needs by the clock."""

from celery import shared_task
from django.utils import timezone

from donations.actions.need import expire_open, remind_expiring


@shared_task(name="donations.settle_needs")
def settle_needs() -> None:
    """Ask whether needs near the end of their year still stand, and expire those whose year is over."""
    now = timezone.now()
    remind_expiring(now)
    expire_open(now.date())
