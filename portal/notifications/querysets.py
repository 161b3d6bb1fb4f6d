"""Questions to the outbox."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.db.models.functions import Lower

from portal.notifications.enums import State


class NotificationQuerySet(models.QuerySet):
    def due(self, moment: datetime) -> "NotificationQuerySet":
        """Waiting and to be sent by `moment`, the longest due first."""
        return self.filter(state=State.PENDING, due_at__lte=moment).order_by("due_at", "id")

    def in_hand_since(self, moment: datetime) -> "NotificationQuerySet":
        """Marked as being handed over before `moment` and never settled: their worker is gone."""
        return self.filter(state=State.SENDING, sending_at__lt=moment)


class SuppressionQuerySet(models.QuerySet):
    def among(self, addresses: Iterable[str]) -> set[str]:
        """Those of `addresses` that subscriptions must leave alone, in lower case."""
        lowered = {address.lower() for address in addresses}
        found = self.annotate(lowered=Lower("address")).filter(lowered__in=lowered)
        return set(found.values_list("lowered", flat=True))
