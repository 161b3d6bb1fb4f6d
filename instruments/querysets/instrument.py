"""Named questions about techniques and instruments."""

from datetime import datetime
from typing import Any, Self

from django.contrib.postgres.search import SearchRank
from django.db import models
from django.db.models import Case, Exists, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Concat

from instruments.enums import InstrumentState as S
from portal.accounts.enums import MembershipState, Role
from portal.core import search

PUBLIC = (S.LISTED, S.SUSPENDED)
SEARCHED = {
    language: search.document(language, ("name", "summary", "description"), ("maker", "model", "place"))
    for language in ("en", "fr")
}


class TechniqueQuerySet(models.QuerySet[Any]):
    def under(self, slug: str) -> Self:
        """The technique called `slug` and all below it in the tree; none when there is no such technique."""
        top = Subquery(self.model.objects.filter(slug=slug).order_by().values("path"))
        return self.filter(Q(slug=slug) | Q(path__startswith=Concat(top, Value("/"))))

    def matching(self, text: str, language: str) -> Self:
        """Those whose name speaks to what a visitor typed."""
        query = search.query(text, language)
        if query is None:
            return self
        return self.alias(searched=search.document(language, ("name", "summary"), ())).filter(searched=query)


class InstrumentQuerySet(models.QuerySet[Any]):
    def listed(self) -> Self:
        return self.filter(state=S.LISTED)

    def public(self) -> Self:
        """Listed ones, and suspended ones, which say so."""
        return self.filter(state__in=PUBLIC)

    def run_by(self, user: Any) -> Self:
        """The instruments of the laboratories where `user` is a confirmed operator."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(organisation__in=_laboratories_of(user))

    def managed_by(self, user: Any) -> Self:
        """Those whose hours, closures and state `user` may change: every one for staff, else those they run."""
        return self if user.is_authenticated and user.is_staff else self.run_by(user)

    def written_by(self, user: Any) -> Self:
        """The proposals of `user` and of the laboratories they run; every one for staff."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        return self.filter(Q(proposed_by=user) | Q(organisation__in=_laboratories_of(user)))

    def proposed_by(self, user: Any) -> Self:
        """What `user` proposed and that is still open or was answered, the newest first; not what they threw away."""
        return self.filter(proposed_by=user).exclude(state=S.WITHDRAWN).order_by("-updated_at", "-pk")

    def visible_to(self, user: Any) -> Self:
        """Public ones to all; every one to staff; those of the own laboratory to its operators."""
        if user.is_authenticated and user.is_staff:
            return self
        seen = Q(state__in=PUBLIC)
        if user.is_authenticated:
            seen |= Q(organisation__in=_laboratories_of(user))
        return self.filter(seen)

    def of_technique(self, slug: str) -> Self:
        """Those of the technique called `slug` or of any below it."""
        through = self.model.techniques.through.objects.filter(instrument=OuterRef("pk"))
        techniques = self.model.techniques.rel.model.objects.under(slug)
        return self.filter(Exists(through.filter(technique__in=techniques)))

    def in_country(self, code: str) -> Self:
        """Those whose host laboratory is in the country with this ISO 3166 code."""
        return self.of_countries([code])

    def of_countries(self, codes: list[str]) -> Self:
        """Those whose host laboratory is in one of the countries with these ISO 3166 codes."""
        return self.filter(organisation__country__in=codes)

    def matching(self, text: str, language: str) -> Self:
        """Those that speak to what a visitor typed, by their own words or their techniques', best first."""
        query = search.query(text, language)
        if query is None:
            return self
        document = SEARCHED[language]
        said = self.model.objects.alias(searched=document).filter(searched=query).values("pk")
        techniques = self.model.techniques.rel.model.objects.matching(text, language)
        done = self.model.techniques.through.objects.filter(technique__in=techniques).values("instrument")
        return (
            self.filter(pk__in=said.order_by().union(done))  # a union, not an OR: each half has its index
            .annotate(rank=SearchRank(document, query))
            .order_by("-rank", *self.model._meta.ordering)
        )

    def for_cards(self) -> Self:
        """With what a card shows: two queries, whatever the number of rows."""
        techniques = self.model.techniques.rel.model.objects.select_related("parent")
        return self.select_related("organisation").prefetch_related(Prefetch("techniques", techniques))

    def proposed_first(self) -> Self:
        """What waits for staff on top, what is over at the bottom."""
        order = (S.PROPOSED, S.SUSPENDED, S.RETURNED, S.DRAFT, S.LISTED, S.REFUSED, S.RETIRED, S.WITHDRAWN)
        whens = [When(state=state, then=place) for place, state in enumerate(order)]
        return self.order_by(Case(*whens), "name", "pk")

    def lock(self, pk: int) -> Any:
        """The row, locked FOR UPDATE until the transaction ends: bookings hold it FOR SHARE while they decide."""
        return self.select_for_update(of=("self",)).select_related("organisation").get(pk=pk)


class ClosureQuerySet(models.QuerySet[Any]):
    def ending_after(self, moment: datetime) -> Self:
        """Those not over at `moment`, the next one first."""
        return self.filter(period__endswith__gt=moment).order_by("period", "pk")


def _laboratories_of(user: Any) -> models.QuerySet[Any, Any]:
    held = user.memberships.filter(state=MembershipState.CONFIRMED, role=Role.OPERATOR)
    return held.values("organisation")
