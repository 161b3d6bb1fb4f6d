"""Named questions about organisations and memberships."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from portal.accounts.enums import MembershipState, OrganisationState, Role


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


class MembershipQuerySet(models.QuerySet[Any]):
    def confirmed(self) -> Self:
        return self.filter(state=MembershipState.CONFIRMED)

    def held_by(self, user: Any, organisation_id: int, *roles: Role) -> Self:
        """Confirmed memberships of `user` in one organisation, in one of `roles` if any are given."""
        held = self.confirmed().filter(user=user, organisation_id=organisation_id)
        return held.filter(role__in=roles) if roles else held
