"""A story for search engines: JSON-LD of schema.org's Article, https://schema.org/Article."""

from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from portal.core.dois import address_of
from portal.core.structured import script_of_data
from portal.stories.models import Story


def data_of(story: Story, image: str) -> dict[str, Any]:
    """The texts in the active language, absolute addresses; `image`: address of a picture, or empty."""
    address = settings.SITE_URL + story.get_absolute_url()
    publisher = {"@type": "Organization", "name": settings.BRAND_NAME, "url": settings.SITE_URL}
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Article",
        "@id": address,
        "url": address,
        "mainEntityOfPage": address,
        "headline": story.title,
        "description": story.summary,
        "inLanguage": get_language(),
        "publisher": publisher,
        "author": {"@type": "Person", "name": story.byline} if story.byline else publisher,
        "dateModified": story.updated_at.isoformat(),
    }
    if story.published_at:
        data["datePublished"] = story.published_at.isoformat()
    if image:
        data["image"] = image
    if story.dois:
        data["citation"] = [address_of(doi) for doi in story.dois]
    countries: Any = story.countries
    if countries:
        data["contentLocation"] = [{"@type": "Country", "name": str(country.name)} for country in countries]
    return data


def script_of(story: Story, image: str) -> SafeString:
    return script_of_data(data_of(story, image))
