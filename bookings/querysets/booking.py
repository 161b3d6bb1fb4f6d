"""Named questions about bookings."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Self

from django.contrib.postgres.fields.ranges import BigIntegerRangeField
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, Func, OuterRef, Q, Sum, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from bookings.enums import ACTIVE, FIRM, OCCUPYING, BookingState
from bookings.querysets.places import led_by, run_by
from bookings.slots import Span


def unit_range(unit: Any) -> Func:
    """`int8range(unit, unit, '[]')`: makes a plain number comparable by GiST without the btree_gist extension."""
    return Func(unit, unit, Value("[]"), function="int8range", output_field=BigIntegerRangeField())


def _guests(booking: Any) -> Any:
    """The invitations to sessions, found by way of the model: querysets import none."""
    return booking._meta.get_field("session").related_model._meta.get_field("guests").related_model.objects


class BookingQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Who takes part, the award's holder, focal points of the organisation, the laboratory, staff."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        taking_part = self.model.participants.through.objects.filter(user=user).values("booking")
        return self.filter(
            Q(pk__in=taking_part)
            | Q(award__holder=user)
            | Q(organisation__in=led_by(user))
            | Q(instrument__organisation__in=run_by(user))
        )

    def at_laboratories_of(self, user: Any) -> Self:
        """The bookings of the instruments that `user` runs; all of them for staff."""
        if user.is_staff:
            return self
        return self.filter(instrument__organisation__in=run_by(user))

    def of_person(self, user: Any) -> Self:
        """The own ones: `user` takes part, holds the award, or is a focal point of the organisation."""
        taking_part = self.model.participants.through.objects.filter(user=user).values("booking")
        return self.filter(Q(pk__in=taking_part) | Q(award__holder=user) | Q(organisation__in=led_by(user)))

    def keeping(self, units: Iterable[int], window: Span) -> Self:
        """Those that occupy one of these units within the window, as the index of booking_never_overlaps finds them."""
        every = "{" + ",".join(f"[{unit},{unit}]" for unit in units) + "}"
        of_these = RawSQL(
            "int8range(bookings_booking.unit_id, bookings_booking.unit_id, '[]') && %s::int8multirange",
            [every],
            output_field=models.BooleanField(),
        )
        return self.occupying().filter(of_these, occupied__overlap=(window.start, window.end))

    def active(self) -> Self:
        return self.filter(state__in=ACTIVE)

    def occupying(self) -> Self:
        return self.filter(state__in=OCCUPYING)

    def series_of(self, booking: Any) -> Self:
        """Those booked in one go with this booking, itself among them."""
        return self.filter(series=booking.series) if booking.series else self.filter(pk=booking.pk)

    def requested(self) -> Self:
        return self.filter(state=BookingState.REQUESTED)

    def disturbed(self) -> Self:
        """Those that something came in the way of since they were made."""
        return self.filter(state__in=FIRM).exclude(disturbances=[])

    def to_answer(self, laboratories: Iterable[int], moment: datetime) -> Self:
        """Requests of the instruments of these laboratories, the first to begin first."""
        return self.filter(instrument__organisation__in=laboratories).requested().ending_after(moment).in_order()

    def to_decide(self, user: Any, led: Iterable[int], moment: datetime) -> Self:
        """Time held for who waits and bookings that something came in the way of, the most pressing first.

        Those that `user` speaks for: as holder of the award, or as focal point of the organisations `led`.
        """
        somebody = Q(entry__isnull=False) | Q(standby_entry__isnull=False)
        offered = Q(state=BookingState.HELD, held_until__gt=moment) & somebody
        disturbed = Q(state__in=FIRM, period__startswith__gt=moment) & ~Q(disturbances=[])
        rows = self.filter(Q(award__holder=user) | Q(organisation__in=led), offered | disturbed)
        return rows.order_by(Coalesce("held_until", "period__startswith"))

    def to_join(self, user: Any, moment: datetime, until: datetime) -> Self:
        """Confirmed ones with a session, not over at `moment`, that begin before `until`; `user` may join or watch."""
        taking_part = self.model.participants.through.objects.filter(user=user).values("booking")
        watched = Q(session__in=_guests(self.model).of(user).values("session"))
        rows = self.filter(Q(pk__in=taking_part) | Q(award__holder=user) | watched, state=BookingState.CONFIRMED)
        near = rows.filter(period__startswith__lt=until, session__isnull=False)
        return near.ending_after(moment).in_order()

    def taken_part_by(self, user: Any) -> Self:
        """With `takes_part`: whether `user` does; and `is_guest`: whether they are invited to watch its session."""
        part = self.model.participants.through.objects.filter(booking=OuterRef("pk"), user=user)
        guest = _guests(self.model).of(user).filter(session__booking=OuterRef("pk"))
        return self.annotate(takes_part=Exists(part), is_guest=Exists(guest))

    def ending_after(self, moment: datetime) -> Self:
        return self.filter(period__endswith__gt=moment)

    def unanswered_at(self, moment: datetime) -> Self:
        """Requests whose laboratory has let the time to confirm pass."""
        minutes = F("instrument__policy__confirm_by") * Value(timedelta(minutes=1), models.DurationField())
        limit = ExpressionWrapper(F("period__startswith") - minutes, models.DateTimeField())
        return self.requested().alias(limit=limit).filter(limit__lte=moment)

    def mail_in_over_at(self, moment: datetime) -> Self:
        """Confirmed bookings without a session whose period is over."""
        return self.filter(state=BookingState.CONFIRMED, session=None, period__endswith__lte=moment)

    def over_at(self, moment: datetime) -> Self:
        """Past, or given up."""
        return self.exclude(state__in=ACTIVE, period__endswith__gt=moment)

    def in_order(self) -> Self:
        return self.order_by("period__startswith", "pk")

    def for_page(self) -> Self:
        """With everything a list or a page of bookings prints."""
        return self.select_related(
            "instrument__organisation",
            "instrument__policy",
            "unit__desktop",
            "award",
            "organisation",
            "booked_by",
            "session__operator",
        )

    def minutes_starting_in(self, window: Span) -> int:
        """The minutes that were debited for those of these bookings that begin within the window."""
        rows = self.filter(period__startswith__gte=window.start, period__startswith__lt=window.end)
        return rows.aggregate(sum=Sum("minutes", default=0))["sum"]
