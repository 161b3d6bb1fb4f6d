"""Named questions about datasets."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q

from portal.accounts.enums import MembershipState, Role


class DatasetQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """The people of the booking's award, those who take part, focal points of its organisation, the laboratory."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        held = user.memberships.filter(state=MembershipState.CONFIRMED)
        led = held.filter(role=Role.FOCAL_POINT).values("organisation")
        run = held.filter(role=Role.OPERATOR).values("organisation")
        shared = user.shared_awards.values("pk")
        taking_part = user.bookings.values("pk")
        return self.filter(
            Q(booking__award__holder=user)
            | Q(booking__award__in=shared)
            | Q(booking__in=taking_part)
            | Q(booking__organisation__in=led)
            | Q(booking__instrument__organisation__in=run)
        )

    def kept(self) -> Self:
        """Those whose files are still there."""
        return self.filter(forgotten_at=None)

    def ending_by(self, day: date) -> Self:
        return self.kept().filter(kept_until__lte=day)
