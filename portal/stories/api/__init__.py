"""Stories and events for programs."""

from typing import Any

from portal.stories.api.event import EventViewSet
from portal.stories.api.story import StoryViewSet

routes: list[tuple[str, Any, str]] = [
    ("events", EventViewSet, "event"),
    ("stories", StoryViewSet, "story"),
]
