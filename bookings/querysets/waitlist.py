"""Named questions about the waiting list."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import ExpressionWrapper, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, JSONObject

from bookings.enums import OCCUPYING, BookingState, WaitlistState
from bookings.slots import DAY, Span
from calls.enums import AwardKind, AwardState
from portal.accounts.enums import MembershipState, Role

MINUTE = Value(timedelta(minutes=1), models.DurationField())
# Who is asked first when time falls free, and so the places that people see: the award's priority, the least minutes
# used of it, and then who came first.
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


def wishes_for(model: Any, instrument: int, freed: Span, now: datetime) -> models.QuerySet[Any, Any]:
    """The waiting wishes (entry with one award) for an instrument that some time around `freed` may fit, in order.

    One statement with all that the rules and limits ask of them: `held`, the minutes that other offers would take
    of the award; `refused`, the times that this entry was offered in vain; `booked`, the award's bookings of this week
    and later.
    `model` is the table between entries and awards.
    """
    bookings = model._meta.get_field("award").related_model.bookings.rel.related_model.objects
    of_award = bookings.filter(award=OuterRef("award"))
    held = of_award.filter(state=BookingState.HELD).order_by().values("award").annotate(sum=Sum("minutes"))
    booked = of_award.filter(state__in=OCCUPYING, instrument=instrument, period__endswith__gt=now - 8 * DAY)
    vain = bookings.filter(entry=OuterRef("waitlistentry")).exclude(state=BookingState.HELD)
    near = DateTimeTZRange(freed.start - DAY, freed.end + DAY)  # a day for the change-over
    return (
        waiting(model, instrument)
        .filter(waitlistentry__window__overlap=near, award__kind=AwardKind.HOURS, award__state=AwardState.ACTIVE)
        .filter(award__balance_minutes__gte=F("waitlistentry__minutes"))
        .annotate(
            held=Coalesce(Subquery(held.values("sum")), 0),
            refused=ArraySubquery(vain.values("period")),
            booked=ArraySubquery(
                booked.values(
                    row=JSONObject(start="period__startswith", end="period__endswith", minutes="minutes", state="state")
                )
            ),
        )
        .select_related("waitlistentry__asked_by", "award__holder")
        .order_by(*ORDER)
    )


def waiting(model: Any, instrument: int) -> models.QuerySet[Any, Any]:
    """The waiting wishes for an instrument, whatever they ask for."""
    return model.objects.filter(award__instrument=instrument, waitlistentry__state=WaitlistState.WAITING)
