"""Follow-ups by the clock."""

from celery import shared_task
from django.utils import timezone

from donations.actions.follow_up import ask_due, give_up_silent, remind_silent


@shared_task(name="donations.settle_follow_ups")
def settle_follow_ups() -> None:
    """Ask whether gifts are in use, remind who has not answered, and tell staff of silence."""
    now = timezone.now()
    give_up_silent(now)
    remind_silent(now)
    ask_due(now)
