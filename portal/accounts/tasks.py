"""What accounts do by the clock."""

from celery import shared_task
from django.utils import timezone

from portal.accounts.actions import forget_files, gather_merged


@shared_task(name="accounts.settle_organisations")
def settle_organisations() -> None:
    """Move what still came to merged organisations, and forget old files of them."""
    gather_merged()
    forget_files(timezone.now())
