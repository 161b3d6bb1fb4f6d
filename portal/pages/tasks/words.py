"""The words that mistyped questions are corrected by."""

from celery import shared_task

from portal.pages.search.words import gather_all


@shared_task(name="pages.gather_words")
def gather_words() -> int:
    return gather_all()
