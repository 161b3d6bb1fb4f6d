"""Events that are over and whose figures staff have still to enter."""

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.core.waiting import Lines, Waiting, each
from portal.stories.enums import EventState
from portal.stories.models import Event

MOST = 5


def events_to_close() -> Lines:
    """For staff."""
    return Lines(Event.objects.filter(state=EventState.HELD).order_by("ends_at", "pk")[:MOST], each(_line))


def _line(row: Event) -> Waiting:
    return Waiting(
        _("Enter the figures of %(title)s") % {"title": row.title},
        reverse("desk_events:close", args=[row.slug]),
        when=row.ends_at,
    )
