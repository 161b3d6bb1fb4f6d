"""What waits for a person about stories and events."""

from typing import Any

from portal.core.waiting import Lines
from portal.stories.waiting_events import events_to_close
from portal.stories.waiting_stories import consents_waiting_for, stories_waiting_for


def waiting_for(user: Any) -> list[Lines]:
    """Of staff's own nothing is asked for people who are no staff."""
    own = consents_waiting_for(user)
    return [own, *stories_waiting_for(), events_to_close()] if user.is_staff else [own]
