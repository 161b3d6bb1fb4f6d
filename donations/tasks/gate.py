"""The gate by the clock."""

from celery import shared_task
from django.utils import timezone

from donations.actions.gate import expire_returned, remind_returned, tell_staff


@shared_task(name="donations.settle_gate")
def settle_gate() -> None:
    """Remind of what was sent back, end what nobody handed in again, tell staff in the morning what waits."""
    now = timezone.now()
    remind_returned(now)
    expire_returned(now)
    tell_staff(now)
