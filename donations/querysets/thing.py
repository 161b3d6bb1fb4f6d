"""Named questions about needs and offers."""

from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.postgres.search import CombinedSearchVector, SearchQueryCombinable
from django.db import models

from donations.enums import PUBLIC_NEEDS, PUBLIC_OFFERS, NeedState, OfferState, Purpose
from donations.querysets.people import own_needs, own_offers
from portal.core import search

NEED_WORDS, OFFER_WORDS = ("title", "must_words", "nice_words"), ("title", "maker", "model", "city")
NEED_SEARCHED, OFFER_SEARCHED = (
    {language: search.words_of(language, *words) for language in ("en", "fr")} for words in (NEED_WORDS, OFFER_WORDS)
)


class ThingQuerySet(models.QuerySet[Any]):
    """What the public lists of needs and of offers are filtered by.

    `words` are columns, `searched` the expressions of their indexes by language; `owners`: of what it is, and whose,
    with the columns of their names.
    """

    words: tuple[str, ...] = ()
    searched: ClassVar[dict[str, CombinedSearchVector]] = {}
    owners: tuple[tuple[str, str], ...] = ()

    def of_category(self, slug: str) -> Self:
        return self.filter(category__slug=slug)

    def matching(self, text: str, language: str) -> Self:
        """Those whose few words and the names of what it is and whose have, together, what a visitor typed.

        All of that together no index can know: it is read of those alone that have a word of it here or there.
        """
        query = search.query(text, language)
        if query is None:
            return self
        names = [f"{owner}__{column}" for owner, column in self._names(language)]
        found = self.alias(together=search.words_of(language, *self.words, *names)).filter(together=query)
        any_word = search.any_word(text, language)
        return found if any_word is None else found.filter(pk__in=self._having(any_word, language))

    def _having(self, word: SearchQueryCombinable, language: str) -> models.QuerySet[Any, Any]:
        """Primary keys of those in whose own words, or in the names of whose owners, it stands."""
        rows = self.model._default_manager.order_by()
        found = rows.alias(own=self.searched.get(language[:2], self.searched["en"])).filter(own=word).values("pk")
        ways = []
        for owner, column in self._names(language):
            owners = self.model._meta.get_field(owner).related_model.objects.order_by()
            called = owners.alias(called=search.words_of(language, column)).filter(called=word)
            ways.append(rows.filter(**{f"{owner}__in": called.values("pk")}).values("pk"))
        return found.union(*ways, all=True)

    def _names(self, language: str) -> list[tuple[str, str]]:
        code = "fr" if language[:2] == "fr" else "en"
        return [(owner, column.format(language=code)) for owner, column in self.owners]


class NeedQuerySet(ThingQuerySet):
    words, searched = NEED_WORDS, NEED_SEARCHED
    owners = (("category", "name_{language}"), ("organisation", "name"))

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
    words, searched = OFFER_WORDS, OFFER_SEARCHED
    owners = (("category", "name_{language}"),)

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
