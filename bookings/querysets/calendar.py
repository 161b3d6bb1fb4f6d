"""Named questions about calendar links, and about what calendars show."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q

from bookings.enums import GIVEN_UP, OCCUPYING, BookingState

KEPT = timedelta(days=30)  # how long a calendar says that something was given up
OVER = tuple(state for state in GIVEN_UP if state != BookingState.RELEASED)  # an offer nobody took was never theirs


class CalendarFeedQuerySet(models.QuerySet[Any]):
    def open(self) -> Self:
        """Those that were not revoked."""
        return self.filter(revoked_at=None)

    def readable(self) -> Self:
        """Those that still answer: neither revoked nor of an account that was closed."""
        return self.open().filter(user__is_active=True)


def own_bookings(bookings: models.QuerySet[Any], user: Any) -> models.QuerySet[Any]:
    """Those that `user` takes part in, whose award they hold, or that they booked and may still see."""
    model = bookings.model
    part = model.participants.through.objects.filter(user=user).values("booking")
    held = model.objects.filter(award__holder=user).values("pk")
    booked = model.objects.filter(booked_by=user).visible_to(user).values("pk")
    return bookings.filter(pk__in=part.union(held, booked))  # a union, not an OR: each part has its index


def in_calendar(bookings: models.QuerySet[Any], since: datetime, now: datetime) -> models.QuerySet[Any]:
    """Those that begin after `since` and stand, or were given up not long ago; the last to begin first."""
    shown = Q(state__in=OCCUPYING) | Q(state__in=OVER, updated_at__gte=now - KEPT)
    return bookings.filter(shown, period__startswith__gte=since).order_by("-period__startswith", "-pk")
