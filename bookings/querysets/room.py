"""Named questions about who is in a session, and about checks of lines."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models.functions import Lower


class AttendanceQuerySet(models.QuerySet[Any]):
    def open(self) -> Self:
        return self.filter(left_at=None)

    def here_at(self, moment: datetime) -> Self:
        """Those whose line is open and whose relay was alive a moment ago."""
        return self.open().filter(seen_at__gt=moment - self.model.GONE_AFTER)

    def orphaned_at(self, moment: datetime) -> Self:
        """Open lines whose relay has gone without a word."""
        return self.open().filter(seen_at__lte=moment - self.model.GONE_AFTER)


class GuestQuerySet(models.QuerySet[Any]):
    def invited(self) -> Self:
        """Those who may still come."""
        return self.filter(withdrawn_at=None)

    def of(self, user: Any) -> Self:
        """The invitations that an account may use: those to an address that it has shown to be its own."""
        if not user.is_authenticated:
            return self.none()
        own = user.emailaddress_set.filter(verified=True).values(lower=Lower("email"))
        return self.invited().filter(email__in=own)


class ConnectionCheckQuerySet(models.QuerySet[Any]):
    def of(self, user: Any) -> Self:
        return self.filter(user=user)

    def newest_for(self, bookings: Iterable[int]) -> Self:
        """The last check of each person for each of these bookings, with the person."""
        rows = self.filter(booking__in=bookings).select_related("user")
        return rows.order_by("booking", "user", "-pk").distinct("booking", "user")
