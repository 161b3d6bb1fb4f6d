"""An organisation as schema.org data, for search engines."""

from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString

from portal.accounts.models import Organisation
from portal.core.structured import script_of_data

TYPES = {"university": "CollegeOrUniversity", "institute": "ResearchOrganization", "company": "Corporation"}


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
    return script_of_data(data_of(organisation))
