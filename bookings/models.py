"""Bookings of instrument time and their live part, the session."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bookings.enums import ACTIVE, OCCUPYING, BookingState, SessionState
from bookings.querysets import LEAST_GRACE, BookingQuerySet, OutcomeQuerySet, SessionQuerySet, unit_range
from bookings.slots import Span
from calls.models import Award
from instruments.models import Instrument, Unit
from portal.accounts.models import Organisation
from portal.core.models import LinkField, Timestamped, new_ref


class Booking(Timestamped):
    """One unit, one period. `period` is what people see; `occupied` adds the change-over and is what is guarded.

    `minutes` is what the award was debited for the period, and so what goes back: a policy changed since then does not
    change it.
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
        ]
        indexes = [
            models.Index(fields=["award", "state"], name="booking_of_an_award"),
            models.Index(fields=["organisation", "-id"], name="booking_of_organisation"),
            models.Index(F("instrument"), Func(F("period"), function="lower"), name="booking_of_an_instrument"),
            models.Index(Func(F("period"), function="lower"), name="booking_coming", condition=Q(state__in=ACTIVE)),
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
    def is_active(self) -> bool:
        return self.state in ACTIVE

    @property
    def confirm_until(self) -> datetime:
        """When a request lapses unless an operator has confirmed it."""
        return self.start - timedelta(minutes=self.instrument.policy.confirm_by)


class Session(Timestamped):
    """The live part of a booking; workers move it along from this row and the clock, never from a timer in memory."""

    DAY_BEFORE = timedelta(hours=24)
    JUST_BEFORE = timedelta(minutes=15)

    booking = models.OneToOneField(Booking, models.CASCADE, related_name="session", verbose_name=_("booking"))
    state = models.CharField(_("state"), max_length=10, choices=SessionState.choices, default=SessionState.SCHEDULED)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    reminded_day_at = models.DateTimeField(_("reminded a day before"), null=True, blank=True)
    reminded_soon_at = models.DateTimeField(_("reminded just before"), null=True, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        indexes = [
            models.Index(
                fields=["starts_at"],
                name="session_to_move",
                condition=Q(state__in=["scheduled", "queued", "ready", "live"]),
            ),
        ]

    def __str__(self) -> str:
        return str(self.booking)

    def get_absolute_url(self) -> str:
        return reverse("sessions:detail", args=[self.booking.ref])

    @property
    def missed_at(self) -> datetime:
        """When a session that nobody began counts as missed: after a quarter of it, at least half an hour."""
        grace = max((self.ends_at - self.starts_at) / 4, LEAST_GRACE)
        return min(self.starts_at + grace, self.ends_at)


class Outcome(Timestamped):
    """What came of an award, told once by its holder: the programme's figures are sums of these."""

    award = models.OneToOneField(Award, models.PROTECT, related_name="outcome", verbose_name=_("award"))
    summary = models.TextField(_("what came of it"), max_length=4000)
    structures_solved = models.PositiveIntegerField(_("structures solved"), default=0)
    dois = ArrayField(models.CharField(max_length=200), verbose_name=_("DOIs"), default=list, blank=True)
    theses = models.PositiveIntegerField(_("theses"), default=0)
    people_trained = models.PositiveIntegerField(_("people trained"), default=0)
    women_trained = models.PositiveIntegerField(_("women among them"), default=0)
    data_url = LinkField(_("where the data are"), max_length=500, blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="outcomes_reported",
        verbose_name=_("reported by"),
    )
    reported_at = models.DateTimeField(_("reported"))

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ["-reported_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(women_trained__lte=F("people_trained")), name="outcome_counts_women_among_people"
            )
        ]

    def __str__(self) -> str:
        return str(self.award)

    def get_absolute_url(self) -> str:
        return reverse("outcomes:report", args=[self.award.ref])
