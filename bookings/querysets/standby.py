"""Named questions about stand-by queues."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import ExpressionWrapper, F, Q, Value

from bookings.enums import BookingState, StandbyState
from bookings.querysets.places import led_by, run_by
from calls.enums import AwardState
from instruments.enums import InstrumentState

MINUTE = Value(timedelta(minutes=1), models.DurationField())
LEAST_LEFT = timedelta(minutes=2)  # to answer a call: a reminder that comes later helps nobody


class StandbyQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """The own ones, those of an award's holder, a focal point's organisation, the laboratory; all to staff."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        return self.filter(
            Q(asked_by=user)
            | Q(award__holder=user)
            | Q(award__organisation__in=led_by(user))
            | Q(instrument__organisation__in=run_by(user))
        )

    def waiting(self) -> Self:
        """Those who wait, in the order in which they are called."""
        return self.filter(state=StandbyState.WAITING).order_by("created_at", "pk")

    def called(self) -> Self:
        return self.filter(state=StandbyState.CALLED)

    def to_remind_at(self, moment: datetime) -> Self:
        """Called ones with half of the time to answer gone, and enough of it left to read a message and answer."""
        held_until = F("booking__held_until")
        half = ExpressionWrapper(F("called_at") + (held_until - F("called_at")) / Value(2), models.DateTimeField())
        left = Q(booking__held_until__gte=moment + LEAST_LEFT, booking__state=BookingState.HELD)
        return self.called().alias(half=half).filter(left, half__lte=moment)

    def open(self) -> Self:
        """Waiting, or called and not answered yet."""
        return self.filter(state__in=[StandbyState.WAITING, StandbyState.CALLED])

    def closed(self) -> Self:
        return self.exclude(state__in=[StandbyState.WAITING, StandbyState.CALLED])

    def for_list(self) -> Self:
        """With what a line of the list and the page of one print."""
        return self.select_related(
            "instrument__organisation",
            "instrument__policy",
            "award__organisation",
            "award__holder",
            "asked_by",
            "booking",
        )

    def hopeless_at(self, moment: datetime) -> Self:
        """Waiting ones for which no time can come any more.

        Too little of the time is left, the award cannot be used, or the laboratory keeps no queue any more.
        """
        latest = ExpressionWrapper(F("until") - F("minutes") * MINUTE, models.DateTimeField())
        closed = Q(instrument__policy__has_standby=False) | Q(instrument__state=InstrumentState.RETIRED)
        waiting = self.filter(state=StandbyState.WAITING).alias(latest=latest)
        return waiting.filter(Q(latest__lt=moment) | ~Q(award__state=AwardState.ACTIVE) | closed)
