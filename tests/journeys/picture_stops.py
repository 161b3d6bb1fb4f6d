"""The pages with pictures that the looks, the weights and the crawl go through, and the rows behind them."""

from typing import Any

from tests.factories.stories import EventFactory, StoryFactory
from tests.journeys.stop import Stop
from tests.support.photographs import pictured

PICTURES = [
    Stop("story-pictured", "visitor", "/stories/{pictured}/", "pictured"),
    Stop("pictures", "researcher", "/stories/{pictured_draft}/pictures/", "pictured"),
    Stop("picture", "researcher", "/stories/{pictured_draft}/pictures/{picture}/", "pictured"),
    Stop("instrument-pictures", "operator", "/instruments/{instrument}/pictures/", "pictured"),
    Stop("event-pictures", "staff", "/events/{pictured_event}/pictures/", "staff"),
]


def pictures(cast: dict[str, Any]) -> dict[str, str]:
    """A published story, a draft of the researcher's, an event and the instrument, each with a photograph."""
    story = StoryFactory(slug="pictured")
    draft = StoryFactory(draft=True, sent_by=cast["researcher"], slug="pictured-draft")
    event = EventFactory(slug="pictured-event")
    words = {"caption_en": "The bench at home", "caption_fr": "La paillasse, chez nous", "credit": "Amina"}
    pictured(story=story, **words)
    pictured(story=None, event=event, **words)
    pictured(story=None, instrument=cast["instrument"], **words)
    pictured(story=None, instrument=cast["instrument"], position=1, alt_en="The hutch", alt_fr="La cabine")
    return {
        "pictured": story.slug,
        "pictured_draft": draft.slug,
        "picture": str(pictured(story=draft, **words).pk),
        "pictured_event": event.slug,
    }
