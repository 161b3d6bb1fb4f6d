"""Questions to the outbox."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower

from portal.notifications.enums import State


class NotificationQuerySet(models.QuerySet):
    def due(self, moment: datetime) -> "NotificationQuerySet":
        """Waiting and to be sent by `moment`, the longest due first."""
        return self.filter(state=State.PENDING, due_at__lte=moment).order_by("due_at", "id")

    def in_hand_since(self, moment: datetime) -> "NotificationQuerySet":
        """Marked as being handed over before `moment` and never settled: their worker is gone."""
        return self.filter(state=State.SENDING, sending_at__lt=moment)

    def of_kinds(self, kinds: Iterable[Any]) -> "NotificationQuerySet":
        return self.filter(kind__in=[kind.name for kind in kinds])

    def waiting_for(self, kinds: Iterable[Any], token: str) -> "NotificationQuerySet":
        """What has not left for the holder of `token`, alone or for a digest."""
        return self.of_kinds(kinds).filter(state__in=[State.PENDING, State.HELD], data__token=token)

    def held_for(self, kinds: Iterable[Any], token: str) -> "NotificationQuerySet":
        return self.of_kinds(kinds).filter(state=State.HELD, data__token=token)

    def waiting_digests_of(self, kinds: Iterable[Any], token: str, digest: str) -> "NotificationQuerySet":
        """Digests, by the name of their kind, that have not left and have a part for the holder of `token`."""
        parts = type(self)(self.model).of_kinds(kinds).filter(digest=OuterRef("pk"), data__token=token)
        return self.filter(Exists(parts), kind=digest, state=State.PENDING).order_by("pk")


class SuppressionQuerySet(models.QuerySet):
    def among(self, addresses: Iterable[str]) -> set[str]:
        """Those of `addresses` that subscriptions must leave alone, in lower case."""
        lowered = {address.lower() for address in addresses}
        found = self.annotate(lowered=Lower("address")).filter(lowered__in=lowered)
        return set(found.values_list("lowered", flat=True))
