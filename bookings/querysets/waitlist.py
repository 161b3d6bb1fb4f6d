"""Named questions about the waiting list."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from bookings.enums import WaitlistState
from portal.accounts.enums import MembershipState, Role


class WaitlistQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """The own ones, those of an award's holder and of a focal point's organisation; all to staff."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        led = user.memberships.filter(state=MembershipState.CONFIRMED, role=Role.FOCAL_POINT).values("organisation")
        through = self.model.awards.through.objects.filter(award__holder=user)
        return self.filter(Q(asked_by=user) | Q(organisation__in=led) | Q(pk__in=through.values("waitlistentry")))

    def open(self) -> Self:
        """Those still waiting, or with an offer to answer."""
        return self.filter(state__in=[WaitlistState.WAITING, WaitlistState.OFFERED])
