"""Trainings, certificates and agreements by the clock."""

from celery import shared_task
from django.utils import timezone

from instruments.actions import agreement_clock, training


@shared_task(name="instruments.settle_trainings")
def settle_trainings() -> None:
    """Hold trainings that are over, warn of certificates that end, gather the requests of the day."""
    now = timezone.now()
    training.hold_over(now)
    training.warn_ending(now)
    training.gather_requests(now)


@shared_task(name="instruments.settle_agreements")
def settle_agreements() -> None:
    """End agreements whose last day is over, warn of those that end and that nothing follows."""
    now = timezone.now()
    agreement_clock.end_over(now)
    agreement_clock.warn_ending(now)
