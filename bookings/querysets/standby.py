"""Named questions about stand-by queues."""

from typing import Any, Self

from django.db import models

from bookings.enums import StandbyState


class StandbyQuerySet(models.QuerySet[Any]):
    def waiting(self) -> Self:
        """Those who wait, in the order in which they are called."""
        return self.filter(state=StandbyState.WAITING).order_by("created_at", "pk")

    def called(self) -> Self:
        return self.filter(state=StandbyState.CALLED)
