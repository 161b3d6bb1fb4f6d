"""Stories with their pictures and consents, events with their figures, and the pages that staff write."""

from portal.stories.models.event import Event, EventCountry
from portal.stories.models.page import Page, PageVersion
from portal.stories.models.picture import Picture, Variant
from portal.stories.models.story import Consent, Story

__all__ = ["Consent", "Event", "EventCountry", "Page", "PageVersion", "Picture", "Story", "Variant"]
