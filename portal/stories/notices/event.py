"""What people are told of events."""

from django.urls import reverse

from portal.notifications.kinds import Context, Data, Kind, register
from portal.notifications.links import absolute
from portal.stories.enums import EventState
from portal.stories.models import Event


def _cancelled(data: Data) -> Context | None:
    event = Event.objects.filter(pk=data["event"], state=EventState.CANCELLED).first()
    if event is None:
        return None
    return {"event": event, "url": absolute(reverse("events:detail", args=[event.slug]))}


EVENT_CANCELLED = register(Kind("stories.event_cancelled", _cancelled))
