"""Trainings and certificates by the clock."""

from celery import shared_task
from django.utils import timezone

from instruments.actions import training


@shared_task(name="instruments.settle_trainings")
def settle_trainings() -> None:
    """Hold trainings that are over, warn of certificates that end, gather the requests of the day."""
    now = timezone.now()
    training.hold_over(now)
    training.warn_ending(now)
    training.gather_requests(now)
