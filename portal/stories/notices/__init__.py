"""The kinds of message about stories and events; actions name them as `notices.X`."""

# ruff: noqa: F401

from portal.stories.notices.event import EVENT_CANCELLED
from portal.stories.notices.story import (
    CONSENT_WITHDRAWN,
    STORY_ARCHIVED,
    STORY_ASKED_AGAIN,
    STORY_IDEA,
    STORY_PUBLISHED,
    STORY_RETURNED,
    STORY_SENT,
)
