"""An event as calendar programs read it."""

from typing import Any

from django.utils.translation import gettext as _

from portal.core.ics import Event as Entry
from portal.core.ics import What, host
from portal.notifications.links import absolute
from portal.stories.enums import EventState
from portal.stories.models import Event


def entry_of(event: Event) -> Entry:
    """In the active language; whole days where it begins and ends at no hour."""
    url = absolute(event.get_absolute_url())
    is_off = event.state == EventState.CANCELLED
    title = _("Cancelled: %(title)s") % {"title": event.title} if is_off else event.title
    country: Any = event.country
    place = ", ".join(filter(None, [event.place, str(country.name) if country else ""]))
    return Entry(
        uid=f"event-{event.slug}@{host()}",
        sequence=2 * event.version + is_off,
        changed=event.updated_at,
        start=event.starts_at,
        end=event.ends_at,
        what=What(
            summary=title,
            zone=event.zone,
            lines=tuple(filter(None, [event.summary, event.link, url])),
            location=place,
            status="CANCELLED" if is_off else "CONFIRMED",
            takes_time=not is_off and event.has_hours,
            is_whole_days=not event.has_hours,
        ),
        url=url,
    )
