"""Named questions about sessions."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q

from bookings.enums import SessionState

PREPARED_BEFORE = timedelta(minutes=15)
LEAST_GRACE = timedelta(minutes=30)


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
