"""The clock of applications."""

from celery import shared_task
from django.utils import timezone

from calls.actions.application import clock


@shared_task(name="calls.settle_applications")
def settle_applications() -> None:
    """Lapse drafts whose call has closed and returned ones that nobody answered."""
    now = timezone.now()
    clock.lapse_drafts(now)
    clock.lapse_unanswered(now)
