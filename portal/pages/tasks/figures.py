"""The figures of /impact/."""

from celery import shared_task

from portal.pages.impact.keeping import keep_up


@shared_task(name="pages.count_figures")
def count_figures() -> str:
    return keep_up().isoformat()
