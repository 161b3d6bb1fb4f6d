"""What stories do when something is announced."""

from typing import Any

from django.dispatch import receiver

from donations.signals import follow_up_answered
from instruments.models import Instrument
from instruments.signals import instrument_listed, reference_written
from portal.notifications.actions import notify
from portal.stories import notices
from portal.stories.actions.event import write_events
from portal.stories.actions.picture.holding import check_words
from portal.stories.actions.story.holding import staff


@receiver(follow_up_answered)
def tell_of_an_idea(follow_up: Any, **kwargs: Any) -> None:
    """A laboratory offers what a gift made possible as a story; of reports bookings tell staff themselves."""
    if follow_up.may_become_story:
        notify(notices.STORY_IDEA, f"follow_up:{follow_up.pk}", staff(), {"follow_up": follow_up.pk})


@receiver(instrument_listed)
def check_photographs(instrument: Instrument, **kwargs: Any) -> None:
    """Everybody is about to see its photographs: what they show is said in both languages, or it is not listed."""
    for row in instrument.pictures.all():
        check_words(row, in_both=True)


@receiver(reference_written)
def write_past_events(**kwargs: Any) -> str:
    """The bootcamps that took place, with their figures."""
    return f"{write_events()} past events were added."
