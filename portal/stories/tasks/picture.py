"""Pictures by workers."""

from celery import shared_task

from portal.stories.actions import picture


@shared_task(name="stories.prepare_pictures")
def prepare_pictures() -> int:
    """Draw what waits."""
    return picture.prepare_pictures()
