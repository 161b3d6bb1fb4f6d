"""The clock of interests: tell them of calls, forget those nobody confirmed."""

from celery import shared_task
from django.utils import timezone

from calls.actions import interest as actions
from calls.models import Call


@shared_task(name="calls.announce_due")
def announce_due() -> None:
    for call in Call.objects.to_announce(timezone.now()).order_by("pk"):
        actions.announce(call)


@shared_task(name="calls.check_interests")
def check_interests() -> None:
    actions.count_dead()


@shared_task(name="calls.forget_unconfirmed")
def forget_unconfirmed() -> None:
    actions.forget_unconfirmed()
