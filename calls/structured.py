"""A call as schema.org data, for search engines: a grant that people can apply for from one moment until another."""

from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString

from calls.models import Call
from portal.core.structured import script_of_data


def data_of(call: Call) -> dict[str, Any]:
    """The texts in the active language, absolute addresses, moments with their offset in the call's zone."""
    address = settings.SITE_URL + call.get_absolute_url()
    return {
        "@context": "https://schema.org",
        "@type": "Grant",
        "@id": address,
        "url": address,
        "name": call.title,
        "description": call.summary,
        "funder": {"@type": "Organization", "name": settings.BRAND_NAME, "url": settings.SITE_URL},
        "potentialAction": {
            "@type": "ApplyAction",
            "target": address,
            "startTime": call.opens_at.astimezone(call.zone).isoformat(),
            "endTime": call.closes_at.astimezone(call.zone).isoformat(),
        },
    }


def script_of(call: Call) -> SafeString:
    return script_of_data(data_of(call))
