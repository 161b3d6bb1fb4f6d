"""Stories and the consents in them."""

from typing import Any, Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When

from portal.core import search
from portal.core.countries import codes_in
from portal.stories.enums import StoryState

STORY_SEARCHED = {
    language: search.document(language, ("title", "summary", "body"), ("byline",)) for language in ("en", "fr")
}

STORY_COUNTRIES = codes_in("countries")

# A consent that nobody has given, that was taken back, or that was given to an earlier edition.
NOT_STANDING = Q(given_on=None) | Q(withdrawn_at__isnull=False) | Q(asked_again_at__isnull=False)


class StoryQuerySet(models.QuerySet[Any]):
    def published(self) -> Self:
        """What everybody may read, the newest first."""
        return self.filter(state=StoryState.PUBLISHED).order_by("-published_at", "-pk")

    def visible_to(self, user: Any) -> Self:
        """Published ones to all; whoever sent one in sees it in every state; staff all."""
        if not user.is_authenticated:
            return self.filter(state=StoryState.PUBLISHED)
        if user.is_staff:
            return self
        return self.filter(Q(state=StoryState.PUBLISHED) | Q(sent_by=user))

    def sent_by(self, user: Any) -> Self:
        return self.filter(sent_by=user)

    def matching(self, text: str, language: str) -> Self:
        """Those that speak to what a visitor typed."""
        query = search.query(text, language)
        if query is None:
            return self
        return self.alias(searched=STORY_SEARCHED.get(language[:2], STORY_SEARCHED["en"])).filter(searched=query)

    def of_technique(self, slug: str) -> Self:
        """Those of the technique called `slug` or of any below it."""
        techniques = self.model.techniques.rel.model.objects.under(slug)
        return self.filter(Exists(self._linked("techniques").filter(technique__in=techniques)))

    def in_country(self, code: str) -> Self:
        """Those from the country with this ISO 3166 code."""
        return self.of_countries([code])

    def of_countries(self, codes: list[str]) -> Self:
        """Those from one of the countries with these ISO 3166 codes."""
        return self.alias(codes=STORY_COUNTRIES).filter(codes__overlap=codes)

    def country_codes(self) -> list[str]:
        """ISO 3166 codes of the countries that occur, in one statement."""
        found = self.order_by().exclude(countries="").values_list("countries", flat=True).distinct()
        return sorted({code for several in found for code in several.split(",")})

    def related_to(self, story: Any) -> Self:
        """Others that share an instrument, a technique or a country with `story`, the nearest first."""
        shared = [
            Exists(self._linked("instruments").filter(instrument__in=story.instruments.values("pk"))),
            Exists(self._linked("techniques").filter(technique__in=story.techniques.values("pk"))),
            *(Q(countries__contains=country.code) for country in story.countries),
        ]
        weights = [Case(When(fact, then=Value(2 if i == 0 else 1)), default=Value(0)) for i, fact in enumerate(shared)]
        near = self.exclude(pk=story.pk).annotate(nearness=sum(weights[1:], start=weights[0])).filter(nearness__gt=0)
        return near.order_by("-nearness", "-published_at", "-pk")

    def _linked(self, name: str) -> Any:
        """The rows that link a story to others by the relation called `name`."""
        return getattr(self.model, name).through.objects.filter(story=OuterRef("pk"))

    def at_home(self) -> Self:
        """The one to show first: featured ones before others, the newest of them."""
        return self.filter(state=StoryState.PUBLISHED).order_by(F("is_featured").desc(), "-published_at", "-pk")


class ConsentQuerySet(models.QuerySet[Any]):
    def standing(self) -> Self:
        return self.exclude(NOT_STANDING)

    def missing(self) -> Self:
        return self.filter(NOT_STANDING)

    def asked_again(self) -> Self:
        """Those given to an earlier edition of the story."""
        return self.filter(asked_again_at__isnull=False, withdrawn_at=None)
