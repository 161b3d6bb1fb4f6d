"""Named questions about stand-by queues."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import ExpressionWrapper, F, Q, Value

from bookings.enums import StandbyState
from calls.enums import AwardState
from instruments.enums import InstrumentState
from portal.accounts.enums import MembershipState, Role

MINUTE = Value(timedelta(minutes=1), models.DurationField())


class StandbyQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """The own ones, those of an award's holder, a focal point's organisation, the laboratory; all to staff."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        held = user.memberships.filter(state=MembershipState.CONFIRMED)
        led = held.filter(role=Role.FOCAL_POINT).values("organisation")
        run = held.filter(role=Role.OPERATOR).values("organisation")
        return self.filter(
            Q(asked_by=user)
            | Q(award__holder=user)
            | Q(award__organisation__in=led)
            | Q(instrument__organisation__in=run)
        )

    def waiting(self) -> Self:
        """Those who wait, in the order in which they are called."""
        return self.filter(state=StandbyState.WAITING).order_by("created_at", "pk")

    def called(self) -> Self:
        return self.filter(state=StandbyState.CALLED)

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
