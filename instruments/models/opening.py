"""When an instrument can be booked, and how: opening hours, closures, booking policy."""

from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.fields.ranges import BigIntegerRangeField, IntegerRangeField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, IntegerField, Q, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from instruments.enums import Weekday
from instruments.models.instrument import Instrument, Unit
from instruments.querysets import ClosureQuerySet
from portal.core.models import Timestamped


def _number_range(low: object, high: object, bounds: str) -> Func:
    """`int8range(...)`: lets GiST compare plain numbers without the btree_gist extension."""
    return Func(low, high, Value(bounds), function="int8range", output_field=BigIntegerRangeField())


def _minutes_of_week() -> Func:
    """The stretch as minutes since Monday's midnight, end excluded."""
    midnight = Cast(F("weekday"), IntegerField()) * 1440
    return Func(
        midnight + F("opens"),
        midnight + F("closes"),
        Value("[)"),
        function="int4range",
        output_field=IntegerRangeField(),
    )


class OpeningHours(models.Model):
    """One stretch of a weekday, in the laboratory's wall time, minutes from midnight: 540-1020 is 9:00-17:00.

    1440 is the midnight that ends the day, so a stretch that goes on the next day meets it without a gap.
    """

    instrument = models.ForeignKey(
        Instrument, models.CASCADE, related_name="opening_hours", verbose_name=_("instrument")
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices)
    opens = models.PositiveSmallIntegerField(_("opens"), validators=[MaxValueValidator(1439)])
    closes = models.PositiveSmallIntegerField(_("closes"), validators=[MinValueValidator(1), MaxValueValidator(1440)])

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(condition=Q(opens__lt=F("closes"), closes__lte=1440), name="opening_before_closing"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="opening_on_a_weekday"),
            ExclusionConstraint(
                name="opening_never_overlaps",
                expressions=[
                    (_number_range(F("instrument"), F("instrument"), "[]"), RangeOperators.OVERLAPS),
                    (_minutes_of_week(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        opens, closes = (f"{minutes // 60:02}:{minutes % 60:02}" for minutes in (self.opens, self.closes))
        return f"{self.get_weekday_display()} {opens}-{closes}"


class Closure(Timestamped):
    """A period in which the instrument, or one unit of it, cannot be booked."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="closures", verbose_name=_("instrument"))
    unit = models.ForeignKey(
        Unit, models.CASCADE, null=True, blank=True, related_name="closures", verbose_name=_("only this unit")
    )
    period = DateTimeRangeField(_("period"))
    reason = models.CharField(_("reason"), max_length=200)

    objects = ClosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        constraints = [
            models.CheckConstraint(
                condition=Q(period__isempty=False, period__lower_inf=False, period__upper_inf=False),
                name="closure_is_finite",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument}: {self.reason}"

    @property
    def start(self) -> datetime:
        return self.period.lower

    @property
    def end(self) -> datetime:
        return self.period.upper


class Policy(models.Model):
    """How an instrument is booked. Minutes throughout; a limit of null means there is none.

    With `whole_days` slots begin at `day_starts` (minutes from midnight, laboratory's wall time) and last whole days.
    """

    instrument = models.OneToOneField(Instrument, models.CASCADE, related_name="policy", verbose_name=_("instrument"))
    whole_days = models.BooleanField(_("whole days"), default=False)
    day_starts = models.PositiveSmallIntegerField(_("days begin at"), default=600)
    step = models.PositiveSmallIntegerField(_("slot step"), default=60, help_text=_("minutes"))
    shortest = models.PositiveIntegerField(_("shortest booking"), default=60, help_text=_("minutes"))
    longest = models.PositiveIntegerField(_("longest booking"), default=480, help_text=_("minutes"))
    notice = models.PositiveIntegerField(_("notice before the start"), default=0, help_text=_("minutes"))
    horizon_days = models.PositiveSmallIntegerField(_("bookable days ahead"), default=90)
    cancel_notice = models.PositiveIntegerField(
        _("free cancellation until"), default=1440, help_text=_("minutes before the start")
    )
    late_cancel_percent = models.PositiveSmallIntegerField(
        _("kept on late cancellation"),
        default=0,
        validators=[MaxValueValidator(100)],
        help_text=_("percent of the hours"),
    )
    before = models.PositiveSmallIntegerField(_("change-over before"), default=0, help_text=_("minutes"))
    after = models.PositiveSmallIntegerField(_("change-over after"), default=0, help_text=_("minutes"))
    weekly_limit = models.PositiveIntegerField(
        _("limit per award and week"), null=True, blank=True, help_text=_("minutes")
    )
    open_bookings_limit = models.PositiveSmallIntegerField(_("open bookings per award"), null=True, blank=True)
    needs_confirmation = models.BooleanField(_("an operator confirms"), default=False)
    confirm_by = models.PositiveIntegerField(
        _("confirm until"), default=720, help_text=_("minutes before the start; then the request lapses")
    )
    needs_certificate = models.BooleanField(
        _("asks for a certificate"),
        default=False,
        db_default=False,
        help_text=_("One who takes part must hold a certificate for it that is valid on every day of the booking"),
    )
    needs_sample = models.BooleanField(
        _("a sample must have arrived"),
        default=False,
        db_default=False,
        help_text=_("Time is booked once a sample of the award is at the laboratory"),
    )
    needs_operator = models.BooleanField(
        _("an operator is present"),
        default=False,
        db_default=False,
        help_text=_("Staff hear of it when no operator has checked in two hours before a session"),
    )
    offer_minutes = models.PositiveSmallIntegerField(
        _("an offer from the waiting list is held for"), default=720, db_default=720, help_text=_("minutes")
    )

    has_standby = models.BooleanField(
        _("a stand-by queue is open"),
        default=False,
        db_default=False,
        help_text=_("Those who wait are called in turn when time falls free; for work that needs nothing to be posted"),
    )
    standby_minutes = models.PositiveSmallIntegerField(
        _("minutes to answer a call"), default=10, db_default=10, validators=[MinValueValidator(2)]
    )
    days_kept = models.PositiveSmallIntegerField(
        _("days that data are kept"), default=180, db_default=180, validators=[MinValueValidator(7)]
    )

    class Meta:
        verbose_name = _("booking policy")
        verbose_name_plural = _("booking policies")
        constraints = [
            models.CheckConstraint(
                condition=Q(step__gte=5, shortest__gte=F("step"), longest__gte=F("shortest")),
                name="policy_lengths_fit",
            ),
            models.CheckConstraint(
                condition=Q(late_cancel_percent__lte=100, day_starts__lt=1440), name="policy_in_range"
            ),
        ]

    def __str__(self) -> str:
        return str(self.instrument)
