"""What waits for a person about stories and events."""

from typing import Any

from portal.core.waiting import Lines
from portal.stories.waiting_events import events_to_close
from portal.stories.waiting_stories import stories_waiting_for


def waiting_for(user: Any) -> list[Lines]:
    """Nothing is asked for people who are no staff."""
    return [*stories_waiting_for(), events_to_close()] if user.is_staff else []
