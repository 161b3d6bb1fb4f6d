"""Named questions about people, organisations and memberships."""

from collections.abc import Iterable
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQueryCombinable
from django.db import models
from django.db.models import Func, Q, TextField, Value

from portal.accounts.enums import MembershipState, OrganisationState, Role
from portal.core import search
from portal.core.countries import countries_begun, countries_in

ORGANISATION_NAMES = ("name", "city", "former_names", "other_names")
ORGANISATION_SEARCHED = {
    language: search.document(language, ("summary",), ORGANISATION_NAMES) for language in ("en", "fr")
}


ROR_LENGTH = 9
LEAST_OF_A_COUNTRY = 3  # letters of its name that must be typed


class OrganisationQuerySet(models.QuerySet[Any]):
    def current(self) -> Self:
        """Those that stand for themselves: not merged into another."""
        return self.exclude(state=OrganisationState.MERGED)

    def verified(self) -> Self:
        return self.filter(state=OrganisationState.VERIFIED)

    def visible_to(self, user: Any) -> Self:
        """Verified ones are public; a proposed one is seen by its own people and by staff; a merged one by nobody."""
        if user.is_authenticated and user.is_staff:
            return self.current()
        public = Q(state=OrganisationState.VERIFIED)
        if user.is_authenticated:
            own = user.memberships.values("organisation")
            public |= Q(pk__in=own) & ~Q(state=OrganisationState.MERGED)
        return self.filter(public)

    def where(self, user: Any, *roles: Role) -> Self:
        """The organisations in which `user` holds a confirmed membership, in one of `roles` if any are given."""
        held = user.memberships.filter(state=MembershipState.CONFIRMED)
        if roles:
            held = held.filter(role__in=roles)
        return self.filter(pk__in=held.values("organisation"))

    def proposed(self) -> Self:
        return self.filter(state=OrganisationState.PROPOSED)

    def of_countries(self, codes: list[str]) -> Self:
        """Those of one of the countries with these ISO 3166 codes."""
        return self.filter(country__in=codes)

    def matching(self, text: str, language: str) -> Self:
        """Those that speak to what a visitor typed: names of now and once, town, text about it, country, ROR.

        A country named beside other words counts as one of them. A union, not an OR: each way has its index.
        """
        query = search.query(text, language)
        if query is None:
            return self
        rows = self.model.objects.order_by()
        found = [rows._saying(query, language)]
        codes, rest = countries_in(text)
        others = search.query(rest, language) if codes else None
        if others is not None:
            found.append(rows.of_countries(codes)._saying(others, language))
        elif codes := codes or countries_begun(text, LEAST_OF_A_COUNTRY, by_any_word=True):
            found.append(rows.of_countries(codes))
        if ror := _ror_in(text):
            found.append(rows.filter(ror=ror))
        first, *more = [part.values("pk") for part in found]
        return self.filter(pk__in=first.union(*more) if more else first)

    def _saying(self, query: SearchQueryCombinable, language: str) -> Self:
        searched = ORGANISATION_SEARCHED.get(language[:2], ORGANISATION_SEARCHED["en"])
        return self.alias(searched=searched).filter(searched=query)

    def named(self, names: Iterable[str]) -> Self:
        """Those that are, or were, called by one of these names; capitals and accents make no difference."""
        wanted = sorted({search.fold(name.strip()) for name in names})
        rows = self.alias(
            own=search.folded("name"),
            former=_lines(search.folded("former_names")),
            other=_lines(search.folded("other_names")),
        )
        return rows.filter(Q(own__in=wanted) | Q(former__overlap=wanted) | Q(other__overlap=wanted))

    def like(self, name: str, country: str, ror: str) -> Self:
        """Those that are probably the same as a new one of this name, country and ROR id; for a merged one the kept."""
        same = Q(pk__in=self.model.objects.filter(country=country).named([name]).values("pk"))
        if ror:
            same |= Q(ror=ror)
        alike = self.model.objects.filter(same)
        return self.current().filter(Q(pk__in=alike.values("pk")) | Q(pk__in=alike.values("merged_into")))

    def of_former(self, slug: str) -> Self:
        """The one that stands for the merged one whose address part was `slug`."""
        return self.filter(merged__slug=slug)


def _lines(text: Func) -> Func:
    """The lines of a text as an array; an empty text has none."""
    return Func(text, Value("\n"), function="string_to_array", output_field=ArrayField(TextField()))


def _ror_in(text: str) -> str:
    """The ROR id that `text` is, or is the address of; empty for anything else."""
    last = text.strip().lower().rstrip("/").rsplit("/", 1)[-1]
    return last if len(last) == ROR_LENGTH and last.isalnum() else ""


class MembershipQuerySet(models.QuerySet[Any]):
    def confirmed(self) -> Self:
        return self.filter(state=MembershipState.CONFIRMED)

    def open(self) -> Self:
        """Asked for or held: what may exist only once a person, organisation and role."""
        return self.filter(state__in=[MembershipState.REQUESTED, MembershipState.CONFIRMED])

    def held_by(self, user: Any, organisation_id: int, *roles: Role) -> Self:
        """Confirmed memberships of `user` in one organisation, in one of `roles` if any are given."""
        held = self.confirmed().filter(user=user, organisation_id=organisation_id)
        return held.filter(role__in=roles) if roles else held

    def visible_to(self, user: Any) -> Self:
        """A person sees their own; focal points and operators those of their organisation; staff all."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        leads = self.model.objects.confirmed().filter(user=user, role__in=[Role.FOCAL_POINT, Role.OPERATOR])
        return self.filter(Q(user=user) | Q(organisation__in=leads.values("organisation")))

    def to_answer_by(self, user: Any) -> Self:
        """Requests that `user` may confirm or refuse.

        Staff: focal points, and those whose organisation has nobody else to confirm them.
        Others: what their role answers.
        """
        requested = self.filter(state=MembershipState.REQUESTED).exclude(user=user)
        if user.is_staff:
            return requested.filter(~self._has_own_answerer())
        held = self.model.objects.confirmed().filter(user=user)
        of_researchers = Q(
            role=Role.RESEARCHER, organisation__in=held.filter(role=Role.FOCAL_POINT).values("organisation")
        )
        of_operators = Q(role=Role.OPERATOR, organisation__in=held.filter(role=Role.OPERATOR).values("organisation"))
        return requested.filter(of_researchers | of_operators)

    def _has_own_answerer(self) -> Q:
        """Somebody of the organisation is there to answer the request."""
        confirmed = self.model.objects.confirmed()
        focal_points, operators = (
            confirmed.filter(role=role).values("organisation") for role in (Role.FOCAL_POINT, Role.OPERATOR)
        )
        return Q(role=Role.RESEARCHER, organisation__in=focal_points) | Q(
            role=Role.OPERATOR, organisation__in=operators
        )
