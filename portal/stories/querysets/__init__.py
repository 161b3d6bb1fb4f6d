"""Named questions about stories, consents, events, pictures and pages."""

from portal.stories.querysets.event import EVENT_SEARCHED, EventQuerySet
from portal.stories.querysets.page import PageQuerySet
from portal.stories.querysets.picture import PictureQuerySet
from portal.stories.querysets.story import STORY_COUNTRIES, STORY_SEARCHED, ConsentQuerySet, StoryQuerySet

__all__ = [
    "EVENT_SEARCHED",
    "STORY_COUNTRIES",
    "STORY_SEARCHED",
    "ConsentQuerySet",
    "EventQuerySet",
    "PageQuerySet",
    "PictureQuerySet",
    "StoryQuerySet",
]
