"""Stories and the consents in them."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from portal.core import search
from portal.stories.enums import StoryState

STORY_SEARCHED = {
    language: search.document(language, ("title", "summary", "body"), ("byline",)) for language in ("en", "fr")
}


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

    def with_missing_consent(self) -> Self:
        """Those in which people can be recognised of whom somebody has not agreed, or nobody is named."""
        consents = self.model.consents.rel.related_model.objects.filter(story=OuterRef("pk"))
        open_ones = consents.filter(Q(given_on=None) | Q(withdrawn_at__isnull=False))
        return self.filter(Q(shows_people=None) | Q(shows_people=True) & (~Exists(consents) | Exists(open_ones)))

    def at_home(self) -> Self:
        """The one to show first: featured ones before others, the newest of them."""
        return self.filter(state=StoryState.PUBLISHED).order_by(F("is_featured").desc(), "-published_at", "-pk")


class ConsentQuerySet(models.QuerySet[Any]):
    def standing(self) -> Self:
        return self.filter(given_on__isnull=False, withdrawn_at=None)

    def missing(self) -> Self:
        return self.filter(Q(given_on=None) | Q(withdrawn_at__isnull=False))
