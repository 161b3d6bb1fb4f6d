"""What the deeds of events share: the locked row, who may, a move with its line of the history."""

from typing import Any

from portal.audit.actions import record
from portal.core.errors import Forbidden
from portal.core.machine import next_state
from portal.stories.models import Event
from portal.stories.states import EVENT_MOVES


def permit(by: Any, event: Event | None = None) -> None:
    """Raises Forbidden unless `by` may write events."""
    if not by.has_perm("stories.edit_event", event):
        raise Forbidden


def locked(event: Event) -> Event:
    """The row as it is now, locked until the transaction ends."""
    return Event.objects.select_for_update().get(pk=event.pk)


def move(event: Event, verb: str, *, by: Any = None, why: str = "", **details: Any) -> Event:
    """Take a locked event along and save all of it; raises WrongState. Without `by` it is the clock."""
    before, event.state = event.state, next_state(EVENT_MOVES, verb, event.state)
    event.save()
    record(event, verb, by=by, before=before, after=event.state, why=why, **details)
    return event
