"""Shells: an action called."""

from celery import shared_task

from donations.actions import matching


@shared_task(name="donations.match")
def match() -> int:
    return matching.run_due()
