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
    def watchable_by(self, user: Any) -> Self:
        """Those of the bookings that `user` may see, and those that they are invited to watch."""
        bookings = self.model._meta.get_field("booking").related_model.objects.visible_to(user)
        guests = self.model._meta.get_field("guests").related_model.objects.of(user)
        return self.filter(Q(booking__in=bookings.values("pk")) | Q(pk__in=guests.values("session")))

    def due_at(self, moment: datetime) -> Self:
        """Sessions that may have a move due: near their start and not ready, or past their grace or their end.

        A desktop's door opens at the start, and stands open for nobody until its grace is over.
        """
        near = Q(state__in=[SessionState.SCHEDULED, SessionState.QUEUED], starts_at__lte=moment + PREPARED_BEFORE)
        waiting = Q(state=SessionState.READY, starts_at__lte=moment - LEAST_GRACE)
        over = Q(state=SessionState.LIVE, ends_at__lte=moment) | Q(state=SessionState.READY, ends_at__lte=moment)
        opens = Q(state=SessionState.READY, starts_at__lte=moment)
        empty = Q(state=SessionState.LIVE, starts_at__lte=moment - LEAST_GRACE, joined_at=None)
        by_clock = Q(booking__unit__desktop__isnull=False, booking__instrument__access_mode=AccessMode.REMOTE_CONTROL)
        moving = [SessionState.SCHEDULED, SessionState.QUEUED, SessionState.READY, SessionState.LIVE]
        begun = self.filter(state__in=moving, starts_at__lte=moment + PREPARED_BEFORE)  # as its index is kept
        return begun.filter(near | waiting | over | (by_clock & (opens | empty))).order_by("starts_at")

    def live_at(self, moment: datetime) -> Self:
        """Those whose door stood open at a moment that is past, or now."""
        still = Q(state=SessionState.LIVE, closed_at=None)
        return self.filter(still | Q(closed_at__gt=moment), opened_at__lte=moment)

    def before_the_door_at(self, moment: datetime) -> Self:
        """Those that cannot become ready before their desktop has answered."""
        begun = [SessionState.SCHEDULED, SessionState.QUEUED]
        return self.filter(state__in=begun, starts_at__lte=moment + PREPARED_BEFORE, ends_at__gt=moment)

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
