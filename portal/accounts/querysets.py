"""Named questions about people, organisations and memberships."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django_countries import countries

from portal.accounts.enums import MembershipState, OrganisationState, Role
from portal.core import search

ORGANISATION_SEARCHED = {
    language: search.document(language, ("summary",), ("name", "city")) for language in ("en", "fr")
}


class OrganisationQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Verified ones are public; a proposed one is seen by its own people and by staff."""
        if user.is_authenticated and user.is_staff:
            return self
        public = Q(state=OrganisationState.VERIFIED)
        if user.is_authenticated:
            public |= Q(pk__in=user.memberships.values("organisation"))
        return self.filter(public)

    def where(self, user: Any, *roles: Role) -> Self:
        """The organisations in which `user` holds a confirmed membership, in one of `roles` if any are given."""
        held = user.memberships.filter(state=MembershipState.CONFIRMED)
        if roles:
            held = held.filter(role__in=roles)
        return self.filter(pk__in=held.values("organisation"))

    def proposed(self) -> Self:
        return self.filter(state=OrganisationState.PROPOSED)

    def search(self, text: str) -> Self:
        """Those whose name, town, country (in the active language) or ROR id `text` names."""
        text = text.strip()
        if not text:
            return self
        named = [code for code, name in countries if text.casefold() in str(name).casefold()]
        ror = text.lower().rstrip("/").rsplit("/", 1)[-1]
        return self.filter(Q(name__icontains=text) | Q(city__icontains=text) | Q(country__in=named) | Q(ror=ror))

    def like(self, name: str, country: str, ror: str) -> Self:
        """Those that are probably the same as a new one of this name, country and ROR id."""
        same = Q(name__iexact=name.strip(), country=country)
        return self.filter(same | Q(ror=ror) if ror else same)


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
