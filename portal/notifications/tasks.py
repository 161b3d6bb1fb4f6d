"""Wake-ups of the outbox. Doubled or missed ones change nothing: the rows say what is due."""

from celery import shared_task

from portal.notifications import delivery, digests, reports


@shared_task(name="notifications.deliver")
def deliver() -> None:
    delivery.drain()


@shared_task(name="notifications.sweep")
def sweep() -> None:
    delivery.sweep()


@shared_task(name="notifications.build_digests")
def build_digests() -> None:
    digests.build()


@shared_task(name="notifications.forget_reports")
def forget_reports() -> None:
    reports.forget()
