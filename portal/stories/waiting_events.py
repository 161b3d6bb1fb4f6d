"""Events that are over and whose figures staff have still to enter."""

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.core.waiting import Waiting
from portal.stories.enums import EventState
from portal.stories.models import Event

MOST = 5


def events_to_close() -> list[Waiting]:
    """For staff, in one statement."""
    rows = Event.objects.filter(state=EventState.HELD).order_by("ends_at", "pk")[:MOST]
    return [
        Waiting(
            _("Enter the figures of %(title)s.") % {"title": row.title},
            reverse("desk_events:close", args=[row.slug]),
            when=row.ends_at,
        )
        for row in rows
    ]
