"""Named questions about shipments."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from donations.enums import ShipmentState
from donations.querysets.people import led_by

OVER = (ShipmentState.CLOSED, ShipmentState.ABANDONED, ShipmentState.LOST)


class ShipmentQuerySet(models.QuerySet[Any]):
    def received_by_people_of(self, user: Any) -> Self:
        """Those to an organisation that `user` leads, or with something that `user` asked for."""
        asked = self.model.objects.filter(matches__need__asked_by=user).values("pk")
        return self.filter(Q(organisation__in=led_by(user)) | Q(pk__in=asked))

    def visible_to(self, user: Any) -> Self:
        """To staff every one; else the donor's own and those that the person receives."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        return self.filter(Q(donor=user) | Q(pk__in=self.model.objects.received_by_people_of(user).values("pk")))

    def open(self) -> Self:
        return self.exclude(state__in=OVER)

    def for_list(self) -> Self:
        return self.select_related("organisation", "donor", "pledge")
