"""Matches by the clock."""

from celery import shared_task
from django.utils import timezone

from donations.actions.match import lapse_unanswered, remind_unanswered


@shared_task(name="donations.settle_matches")
def settle_matches() -> None:
    """Remind the side that is silent, and give back what was not accepted in time."""
    now = timezone.now()
    remind_unanswered(now)
    lapse_unanswered(now)
