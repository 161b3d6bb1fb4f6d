"""An event as schema.org data, for search engines."""

from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString

from portal.core.structured import script_of_data
from portal.stories.enums import EventState
from portal.stories.models import Event


def data_of(event: Event, image: str = "") -> dict[str, Any]:
    """Texts in the active language; days as days, hours with their offset where the event is.

    `image`: address of a picture, or empty.
    """
    address = settings.SITE_URL + event.get_absolute_url()
    is_off = event.state == EventState.CANCELLED
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": address,
        "url": address,
        "name": event.title,
        "description": event.summary,
        "startDate": _when(event, event.starts_at, event.first_day),
        "endDate": _when(event, event.ends_at, event.last_day),
        "eventStatus": f"https://schema.org/{'EventCancelled' if is_off else 'EventScheduled'}",
        "organizer": {"@type": "Organization", "name": settings.BRAND_NAME, "url": settings.SITE_URL},
    }
    if image:
        found["image"] = image
    country: Any = event.country
    if country or event.place:
        name = event.place or str(country.name)
        found["location"] = {"@type": "Place", "name": name, "address": {"@type": "PostalAddress"}}
        if country:
            found["location"]["address"]["addressCountry"] = country.code
    elif event.link:
        found["location"] = {"@type": "VirtualLocation", "url": event.link}
    return found


def script_of(event: Event, image: str = "") -> SafeString:
    return script_of_data(data_of(event, image))


def _when(event: Event, moment: Any, day: Any) -> str:
    return str((moment.astimezone(event.zone) if event.has_hours else day).isoformat())
