"""Offers by the clock."""

from celery import shared_task
from django.utils import timezone

from donations.actions import offer


@shared_task(name="donations.settle_offers")
def settle_offers() -> None:
    """Remind of offers that end soon and of loans due back, end those whose day has passed, forget old files."""
    now = timezone.now()
    offer.remind_of_expiry(now)
    offer.expire_offers(now)
    offer.remind_of_loans(now)
    offer.forget_batches(now)
