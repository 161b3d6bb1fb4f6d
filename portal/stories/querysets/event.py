"""Events."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Case, Value, When

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

    def listed(self) -> Self:
        """Those of the public list: announced, and not cancelled."""
        return self.public().exclude(state=EventState.CANCELLED)

    def for_list(self, moment: datetime) -> Self:
        """Coming ones first, the next one first, then those that are over (`is_over`), the latest first."""
        over = Case(When(ends_at__lte=moment, then=Value(True)), default=Value(False))
        rows = self.annotate(is_over=over)
        return rows.order_by("is_over", Case(When(is_over=False, then="starts_at")), "-starts_at", "pk")

    def years(self) -> list[int]:
        """In which they began, the latest first; one statement."""
        return [day.year for day in self.order_by().dates("starts_at", "year", order="DESC")]

    def in_year(self, year: int) -> Self:
        return self.filter(starts_at__year=year)

    def countries_held_in(self) -> list[str]:
        """Codes of the countries they are in, in their order; one statement."""
        return sorted(self.exclude(country="").order_by().values_list("country", flat=True).distinct())

    def of_countries(self, codes: list[str]) -> Self:
        """Those held in one of the countries with these ISO 3166 codes."""
        return self.filter(country__in=codes)

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
