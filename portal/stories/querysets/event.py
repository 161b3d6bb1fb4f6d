"""Events."""

from datetime import datetime
from typing import Any, Self

from django.db import models

from portal.core import search
from portal.stories.enums import EventState

EVENT_SEARCHED = {
    language: search.document(language, ("title", "summary", "body"), ("place",)) for language in ("en", "fr")
}


class EventQuerySet(models.QuerySet[Any]):
    def public(self) -> Self:
        """Those that were announced; a cancelled one says so at its address."""
        return self.exclude(state=EventState.DRAFT).exclude(published_at=None)

    def visible_to(self, user: Any) -> Self:
        return self if user.is_authenticated and user.is_staff else self.public()

    def coming(self, moment: datetime) -> Self:
        """Announced ones that are not over, the next one first."""
        return self.filter(state=EventState.PUBLISHED, ends_at__gt=moment).order_by("starts_at", "pk")

    def past(self, moment: datetime) -> Self:
        """Announced ones that are over, the latest first; not those that were cancelled."""
        shown = [EventState.PUBLISHED, EventState.HELD, EventState.CLOSED]
        return self.filter(state__in=shown, ends_at__lte=moment).order_by("-starts_at", "-pk")

    def over(self, moment: datetime) -> Self:
        """Those that the clock has to move to held."""
        return self.filter(state=EventState.PUBLISHED, ends_at__lte=moment)

    def matching(self, text: str, language: str) -> Self:
        """Those that speak to what a visitor typed."""
        query = search.query(text, language)
        if query is None:
            return self
        return self.alias(searched=EVENT_SEARCHED.get(language[:2], EVENT_SEARCHED["en"])).filter(searched=query)
