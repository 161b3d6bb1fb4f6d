"""Pledges by the clock."""

from celery import shared_task
from django.utils import timezone

from donations.actions.pledge import lapse_overdue, remind_ending


@shared_task(name="donations.settle_pledges")
def settle_pledges() -> None:
    """Remind donors of pledges that end unused, and let those lapse whose last day is over."""
    now = timezone.now()
    remind_ending(now)
    lapse_overdue(now)
