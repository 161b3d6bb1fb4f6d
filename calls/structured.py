"""A call as schema.org data, for search engines: a grant that people can apply for from one moment until another."""

import json
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from calls.models import Call

# Inside a script element only these could end it or begin a comment; JSON reads them the same.
ESCAPES = {ord(letter): f"\\u{ord(letter):04X}" for letter in "<>&\u2028\u2029"}


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
    """The same as text for a data block, which browsers neither run nor let end early."""
    text = json.dumps(data_of(call), ensure_ascii=False).translate(ESCAPES)
    return mark_safe(text)  # noqa: S308 every letter that means something in HTML is escaped above
