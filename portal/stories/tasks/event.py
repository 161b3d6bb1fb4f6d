"""Events by the clock."""

from celery import shared_task
from django.utils import timezone

from portal.stories.actions import event


@shared_task(name="stories.settle_events")
def settle_events() -> None:
    """Note that events whose end has passed were held."""
    event.hold_over(timezone.now())
