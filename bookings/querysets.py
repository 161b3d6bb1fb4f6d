"""Named questions about bookings and sessions."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q

from bookings.enums import ACTIVE, OCCUPYING, BookingState, SessionState
from portal.accounts.enums import MembershipState, Role


class BookingQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Who booked, who takes part, the award's holder, focal points of the organisation, the laboratory, staff."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        held = user.memberships.filter(state=MembershipState.CONFIRMED)
        led = held.filter(role=Role.FOCAL_POINT).values("organisation")
        run = held.filter(role=Role.OPERATOR).values("organisation")
        taking_part = self.model.participants.through.objects.filter(user=user).values("booking")
        return self.filter(
            Q(booked_by=user)
            | Q(pk__in=taking_part)
            | Q(award__holder=user)
            | Q(organisation__in=led)
            | Q(instrument__organisation__in=run)
        )

    def active(self) -> Self:
        return self.filter(state__in=ACTIVE)

    def occupying(self) -> Self:
        return self.filter(state__in=OCCUPYING)

    def for_page(self) -> Self:
        """With everything a list or a page of bookings prints."""
        return self.select_related("instrument__organisation", "unit", "award", "organisation", "booked_by", "session")

    def waiting_for_laboratory(self) -> Self:
        return self.filter(state=BookingState.REQUESTED)


class SessionQuerySet(models.QuerySet[Any]):
    def under_way(self) -> Self:
        return self.filter(
            state__in=[SessionState.SCHEDULED, SessionState.QUEUED, SessionState.READY, SessionState.LIVE]
        )

    def starting_before(self, moment: datetime) -> Self:
        return self.filter(starts_at__lte=moment)
