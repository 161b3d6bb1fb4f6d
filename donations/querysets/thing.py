"""Named questions about needs and offers."""

from datetime import date
from typing import Any, Self

from django.db import models

from donations.enums import PUBLIC_NEEDS, PUBLIC_OFFERS, NeedState, OfferState, Purpose
from donations.querysets.people import own_needs, own_offers
from portal.core import search


class ThingQuerySet(models.QuerySet[Any]):
    """What the public lists of needs and of offers are filtered by."""

    searched: tuple[str, ...] = ()

    def of_category(self, slug: str) -> Self:
        return self.filter(category__slug=slug)

    def matching(self, text: str, language: str) -> Self:
        """Those whose few words, or whose category's name, have what a visitor typed."""
        query = search.query(text, language)
        if query is None:
            return self
        name = f"category__name_{'fr' if language[:2] == 'fr' else 'en'}"
        return self.alias(words=search.words_of(language, name, *self.searched)).filter(words=query)


class NeedQuerySet(ThingQuerySet):
    searched = ("title", "must_words", "nice_words", "organisation__name")

    def in_country(self, code: str) -> Self:
        return self.filter(organisation__country=code)

    def for_purpose(self, purpose: str) -> Self:
        """Teaching or research; what serves both serves either."""
        return self.filter(purpose__in=[purpose, Purpose.BOTH])

    def public(self) -> Self:
        """Those that everybody may read: verified, and what became of them."""
        return self.filter(state__in=PUBLIC_NEEDS)

    def open(self) -> Self:
        """Those of which pieces are still wanted."""
        return self.filter(state=NeedState.OPEN)

    def own(self, user: Any) -> Self:
        return self.filter(own_needs(user)) if user.is_authenticated else self.none()

    def visible_to(self, user: Any) -> Self:
        """The public ones, the person's own, and every one to staff."""
        if not user.is_authenticated:
            return self.public()
        if user.is_staff:
            return self
        return self.filter(own_needs(user) | models.Q(state__in=PUBLIC_NEEDS))

    def expiring(self, day: date) -> Self:
        """Open ones whose last day is before `day`."""
        return self.open().filter(expires_on__lt=day)

    def for_list(self) -> Self:
        return self.select_related("organisation", "category", "asked_by")


class OfferQuerySet(ThingQuerySet):
    searched = ("title", "maker", "model", "city")

    def in_country(self, code: str) -> Self:
        return self.filter(country=code)

    def public(self) -> Self:
        """Those that everybody may read: vetted, and what became of them."""
        return self.filter(state__in=PUBLIC_OFFERS)

    def open(self) -> Self:
        """Those of which pieces are still to be had."""
        return self.filter(state=OfferState.VETTED)

    def own(self, user: Any) -> Self:
        return self.filter(own_offers(user)) if user.is_authenticated else self.none()

    def visible_to(self, user: Any) -> Self:
        """The public ones, the person's own, and every one to staff."""
        if not user.is_authenticated:
            return self.public()
        if user.is_staff:
            return self
        return self.filter(own_offers(user) | models.Q(state__in=PUBLIC_OFFERS))

    def expiring(self, day: date) -> Self:
        """Vetted ones whose last day is before `day`."""
        return self.open().filter(expires_on__lt=day)

    def for_list(self) -> Self:
        return self.select_related("organisation", "category", "donor")
