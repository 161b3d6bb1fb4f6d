"""Named questions about the waiting list."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, Value

from bookings.enums import WaitlistState
from bookings.querysets.places import led_by
from calls.enums import AwardState
from instruments.enums import FINAL

MINUTE = Value(timedelta(minutes=1), models.DurationField())


class WaitlistQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """The own ones, those of an award's holder and of a focal point's organisation; all to staff."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        through = self.model.awards.through.objects.filter(award__holder=user)
        return self.filter(
            Q(asked_by=user) | Q(organisation__in=led_by(user)) | Q(pk__in=through.values("waitlistentry"))
        )

    def open(self) -> Self:
        """Those still waiting, or with an offer to answer."""
        return self.filter(state__in=[WaitlistState.WAITING, WaitlistState.OFFERED])

    def closed(self) -> Self:
        """Those that were served, left or are over."""
        return self.exclude(state__in=[WaitlistState.WAITING, WaitlistState.OFFERED])

    def for_list(self) -> Self:
        """With what a line of the list prints."""
        return self.select_related("organisation", "asked_by").prefetch_related("awards__instrument")

    def hopeless_at(self, moment: datetime) -> Self:
        """Waiting ones for which no time can come any more.

        Too little of the window is left for length and notice, or no award is left that could be used.
        """
        ahead = (F("minutes") + F("least_notice")) * MINUTE
        latest = ExpressionWrapper(F("window__endswith") - ahead, models.DateTimeField())
        through = self.model.awards.through.objects.filter(waitlistentry=OuterRef("pk"))
        usable = through.filter(award__state=AwardState.ACTIVE).exclude(award__instrument__state__in=FINAL)
        waiting = self.filter(state=WaitlistState.WAITING).alias(latest=latest)
        return waiting.filter(Q(latest__lt=moment) | ~Exists(usable))
