"""Bookings of instrument time."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bookings.enums import ACTIVE, OCCUPYING, BookingState, Disturbance
from bookings.querysets import BookingQuerySet, unit_range
from bookings.slots import Span
from calls.models import Award
from instruments.models import Instrument, Unit
from portal.accounts.models import Organisation
from portal.core.models import Timestamped, new_ref


class Booking(Timestamped):
    """One unit, one period. `period` is what people see; `occupied` adds the change-over and is what is guarded.

    `minutes` is what the award was debited for the period, and so what goes back: a policy changed since then does not
    change it. An offer from the waiting list (`held`) has debited nothing yet: accepting it does.
    `entry` is the place on the waiting list that it was offered to, `series` what was booked together with it.
    `disturbances` are what came in its way since it was made (a closure, changed hours); while there are any, which its
    people were told at `disturbed_at`, moving it or giving it up costs nothing.
    The row keeps its identity when it moves; `version` counts the moves, so calendars and mails know the newest.
    """

    ref = models.CharField(_("reference"), max_length=12, unique=True, default=new_ref, editable=False)
    instrument = models.ForeignKey(
        Instrument, models.PROTECT, related_name="bookings", verbose_name=_("instrument"), db_index=False
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="bookings", verbose_name=_("unit"), db_index=False)
    period = DateTimeRangeField(_("period"))
    occupied = DateTimeRangeField(_("occupied"))
    award = models.ForeignKey(Award, models.PROTECT, related_name="bookings", verbose_name=_("award"))
    minutes = models.PositiveIntegerField(_("minutes debited"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="bookings", verbose_name=_("organisation")
    )
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="bookings_made", verbose_name=_("booked by")
    )
    participants = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="bookings", verbose_name=_("researchers who take part")
    )
    purpose = models.CharField(_("purpose"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=BookingState.choices)
    held_until = models.DateTimeField(_("held until"), null=True, blank=True)
    entry = models.ForeignKey(
        "WaitlistEntry",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="offers",
        verbose_name=_("offered to"),
        db_index=False,
    )
    series = models.UUIDField(_("series"), null=True, blank=True, editable=False)
    disturbed_at = models.DateTimeField(_("told of what is in its way"), null=True, blank=True)
    disturbances = ArrayField(
        models.CharField(max_length=10, choices=Disturbance.choices),
        verbose_name=_("in its way"),
        default=list,
        db_default=[],
        blank=True,
    )
    form_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        constraints = [
            ExclusionConstraint(
                name="booking_never_overlaps",
                expressions=[(unit_range(F("unit")), RangeOperators.OVERLAPS), ("occupied", RangeOperators.OVERLAPS)],
                condition=Q(state__in=OCCUPYING),
                deferrable=Deferrable.IMMEDIATE,
            ),
            models.CheckConstraint(
                condition=Q(
                    occupied__isempty=False, occupied__lower_inf=False, occupied__upper_inf=False, period__isempty=False
                ),
                name="booking_is_finite",
            ),
            models.CheckConstraint(
                condition=Q(state=BookingState.HELD, held_until__isnull=False) | ~Q(state=BookingState.HELD),
                name="booking_held_until_a_moment",
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="booking_debits_minutes"),
            models.CheckConstraint(
                condition=Q(disturbed_at=None, disturbances=[]) | Q(disturbed_at__isnull=False) & ~Q(disturbances=[]),
                name="booking_disturbed_by_something",
            ),
            models.UniqueConstraint(
                fields=["entry"], condition=Q(state=BookingState.HELD), name="waitlist_one_offer_at_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["award", "state"], name="booking_of_an_award"),
            models.Index(fields=["organisation", "-id"], name="booking_of_organisation"),
            models.Index(F("instrument"), Func(F("period"), function="lower"), name="booking_of_an_instrument"),
            models.Index(Func(F("period"), function="lower"), name="booking_coming", condition=Q(state__in=ACTIVE)),
            models.Index(fields=["held_until"], name="booking_held", condition=Q(state=BookingState.HELD)),
            models.Index(fields=["entry"], name="booking_of_a_wait", condition=Q(entry__isnull=False)),
            models.Index(fields=["series"], name="booking_of_a_series", condition=Q(series__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return reverse("bookings:detail", args=[self.ref])

    @property
    def start(self) -> datetime:
        return self.period.lower

    @property
    def end(self) -> datetime:
        return self.period.upper

    @property
    def span(self) -> Span:
        return Span(self.period.lower, self.period.upper)

    @property
    def occupied_span(self) -> Span:
        return Span(self.occupied.lower, self.occupied.upper)

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE

    @property
    def disturbance_names(self) -> list[str]:
        """What is in its way, in a few words each."""
        return [str(Disturbance(cause).label) for cause in self.disturbances]

    @property
    def confirm_until(self) -> datetime:
        """When a request lapses unless an operator has confirmed it."""
        return self.start - timedelta(minutes=self.instrument.policy.confirm_by)
