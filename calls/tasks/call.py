"""The clock of calls: remind of those that close soon."""

from celery import shared_task
from django.utils import timezone

from calls.actions.call_news import REMIND_DRAFTS, remind_closing
from calls.models import Call


@shared_task(name="calls.remind_closing")
def remind_closing_calls() -> None:
    """Each call that closes within the longest reminder; told already, nobody is told again."""
    now = timezone.now()
    soon = Call.objects.open_at(now).filter(closes_at__lte=now + max(REMIND_DRAFTS))
    for call in soon.order_by("closes_at", "pk"):
        remind_closing(call, now)
