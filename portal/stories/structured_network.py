"""An organisation as schema.org data, for search engines."""

import json
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from portal.accounts.models import Organisation

TYPES = {"university": "CollegeOrUniversity", "institute": "ResearchOrganization", "company": "Corporation"}
# Inside a script element only these could end it or begin a comment; JSON reads them the same.
ESCAPES = {ord(letter): f"\\u{ord(letter):04X}" for letter in "<>&\u2028\u2029"}


def data_of(organisation: Organisation) -> dict[str, Any]:
    """Who it is and where, with its ROR record and website as the same thing."""
    address = settings.SITE_URL + organisation.get_absolute_url()
    same = [f"https://ror.org/{organisation.ror}" if organisation.ror else "", organisation.website]
    place = {"@type": "PostalAddress", "addressCountry": str(organisation.country)}
    if organisation.city:
        place["addressLocality"] = organisation.city
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": TYPES.get(organisation.kind, "Organization"),
        "@id": address,
        "url": address,
        "name": organisation.name,
        "address": place,
    }
    if names := [*organisation.others, *organisation.former]:
        data["alternateName"] = names
    if links := [link for link in same if link]:
        data["sameAs"] = links
    if organisation.summary:
        data["description"] = organisation.summary
    return data


def script_of(organisation: Organisation) -> SafeString:
    """The same as text for a data block, which browsers neither run nor let end early."""
    text = json.dumps(data_of(organisation), ensure_ascii=False).translate(ESCAPES)
    return mark_safe(text)  # noqa: S308 every letter that means something in HTML is escaped above
