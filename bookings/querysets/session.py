"""Named questions about sessions."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q

from bookings.enums import SessionState
from instruments.enums import AccessMode

PREPARED_BEFORE = timedelta(minutes=15)
LEAST_GRACE = timedelta(minutes=30)
OPERATOR_BEFORE = timedelta(hours=2)


class SessionQuerySet(models.QuerySet[Any]):
    def due_at(self, moment: datetime) -> Self:
        """Sessions that may have a move due: near their start and not ready, or past their grace or their end."""
        near = Q(state__in=[SessionState.SCHEDULED, SessionState.QUEUED], starts_at__lte=moment + PREPARED_BEFORE)
        waiting = Q(state=SessionState.READY, starts_at__lte=moment - LEAST_GRACE)
        over = Q(state=SessionState.LIVE, ends_at__lte=moment) | Q(state=SessionState.READY, ends_at__lte=moment)
        return self.filter(near | waiting | over).order_by("starts_at")

    def coming_at(self, moment: datetime) -> Self:
        """Sessions that have not begun, with what a reminder needs."""
        return self.filter(
            state__in=[SessionState.SCHEDULED, SessionState.QUEUED, SessionState.READY], starts_at__gt=moment
        ).select_related("booking__award__holder", "booking__booked_by", "booking__instrument")

    def without_operator_at(self, moment: datetime) -> Self:
        """Sessions that need an operator and begin within two hours, where none checked in and nobody was told of it.

        One that was booked within those two hours gives the operators half an hour first.
        """
        needs_one = Q(booking__instrument__policy__needs_operator=True) | Q(
            booking__instrument__access_mode=AccessMode.OBSERVED
        )
        known = Q(booking__created_at__lte=moment - LEAST_GRACE) | Q(starts_at__lte=moment + LEAST_GRACE)
        near = self.coming_at(moment).filter(starts_at__lte=moment + OPERATOR_BEFORE)
        return near.filter(needs_one, known, checked_in_at=None, absence_told_at=None)
