"""Named questions about the waiting list."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import ExpressionWrapper, F, Q, Value, Window
from django.db.models.functions import RowNumber

from bookings.enums import WaitlistState
from portal.accounts.enums import MembershipState, Role

MINUTE = Value(timedelta(minutes=1), models.DurationField())
# Who is asked first when time falls free (see bookings.wishes), and so the places that people see: the award's
# priority, the least minutes used of it, and then who came first.
ORDER = (
    F("award__priority").desc(),
    (F("award__granted_minutes") - F("award__balance_minutes")).asc(),
    F("waitlistentry__created_at").asc(),
    F("waitlistentry").asc(),
)


class WaitlistQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """The own ones, those of an award's holder and of a focal point's organisation; all to staff."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        led = user.memberships.filter(state=MembershipState.CONFIRMED, role=Role.FOCAL_POINT).values("organisation")
        through = self.model.awards.through.objects.filter(award__holder=user)
        return self.filter(Q(asked_by=user) | Q(organisation__in=led) | Q(pk__in=through.values("waitlistentry")))

    def open(self) -> Self:
        """Those still waiting, or with an offer to answer."""
        return self.filter(state__in=[WaitlistState.WAITING, WaitlistState.OFFERED])

    def hopeless_at(self, moment: datetime) -> Self:
        """Waiting ones for which no time can come any more: too little of the window is left for length and notice."""
        ahead = (F("minutes") + F("least_notice")) * MINUTE
        latest = ExpressionWrapper(F("window__endswith") - ahead, models.DateTimeField())
        return self.filter(state=WaitlistState.WAITING).alias(latest=latest).filter(latest__lt=moment)

    def places(self) -> dict[int, dict[int, int]]:
        """For each of these that waits its place on the list of each instrument: `{entry: {instrument: place}}`."""
        model = self.model.awards.through
        mine = model.objects.filter(waitlistentry__in=self.order_by().values("pk"))
        rows = model.objects.filter(
            waitlistentry__state=WaitlistState.WAITING, award__instrument__in=mine.values("award__instrument")
        )
        placed = rows.annotate(
            place=Window(RowNumber(), partition_by=F("award__instrument"), order_by=list(ORDER)),
            on=F("award__instrument"),
        )
        found: dict[int, dict[int, int]] = {}
        wanted = set(mine.values_list("waitlistentry", flat=True))
        for entry, instrument, place in placed.values_list("waitlistentry", "on", "place"):
            if entry in wanted:
                found.setdefault(entry, {})[instrument] = place
        return found
