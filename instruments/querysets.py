"""Named questions about techniques and instruments."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from instruments.enums import InstrumentState
from portal.accounts.enums import MembershipState, Role


class InstrumentQuerySet(models.QuerySet[Any]):
    def listed(self) -> Self:
        return self.filter(state=InstrumentState.LISTED)

    def public(self) -> Self:
        """Listed ones, and suspended ones, which say so."""
        return self.filter(state__in=[InstrumentState.LISTED, InstrumentState.SUSPENDED])

    def run_by(self, user: Any) -> Self:
        """The instruments of the laboratories where `user` is a confirmed operator."""
        if not user.is_authenticated:
            return self.none()
        laboratories = user.memberships.filter(state=MembershipState.CONFIRMED, role=Role.OPERATOR)
        return self.filter(organisation__in=laboratories.values("organisation"))

    def visible_to(self, user: Any) -> Self:
        """Public ones to all; every one to staff; those of the own laboratory to its operators."""
        if user.is_authenticated and user.is_staff:
            return self
        seen = Q(state__in=[InstrumentState.LISTED, InstrumentState.SUSPENDED])
        if user.is_authenticated:
            laboratories = user.memberships.filter(state=MembershipState.CONFIRMED, role=Role.OPERATOR)
            seen |= Q(organisation__in=laboratories.values("organisation"))
        return self.filter(seen)
