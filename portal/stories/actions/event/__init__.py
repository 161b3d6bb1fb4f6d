"""Deeds of events, all of them by staff but the clock's."""

from portal.core.errors import Conflict
from portal.stories.actions.event.moves import (
    cancel_event,
    close_event,
    correct_figures,
    hold_over,
    publish_event,
    version_of_figures,
)
from portal.stories.actions.event.reference import write_events
from portal.stories.actions.event.writing import create_event, edit_event

__all__ = [
    "Conflict",
    "cancel_event",
    "close_event",
    "correct_figures",
    "create_event",
    "edit_event",
    "hold_over",
    "publish_event",
    "version_of_figures",
    "write_events",
]
