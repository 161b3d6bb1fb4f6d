"""Hours on an instrument, a place or a verified need, and the ledger that accounts for every minute of them."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from calls.enums import AwardKind, AwardState, EntryKind
from calls.models.application import Application
from calls.models.call import Call
from calls.querysets import AwardQuerySet
from instruments.models import Instrument
from portal.accounts.models import Organisation
from portal.core.models import Timestamped, new_ref


class Award(Timestamped):
    """`balance_minutes` is the sum of the ledger, moved by a conditional update in the same transaction."""

    ref = models.CharField(_("reference"), max_length=12, unique=True, default=new_ref, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, null=True, blank=True, related_name="awards", verbose_name=_("call"))
    application = models.OneToOneField(
        Application, models.PROTECT, null=True, blank=True, related_name="award", verbose_name=_("application")
    )
    kind = models.CharField(_("kind"), max_length=5, choices=AwardKind.choices, default=AwardKind.HOURS)
    title = models.CharField(_("title"), max_length=160)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="awards", verbose_name=_("holder")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="awards", verbose_name=_("organisation")
    )
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="shared_awards", verbose_name=_("researchers who take part")
    )
    instrument = models.ForeignKey(
        Instrument, models.PROTECT, null=True, blank=True, related_name="awards", verbose_name=_("instrument")
    )
    granted_minutes = models.PositiveIntegerField(_("granted"), default=0, help_text=_("minutes"))
    balance_minutes = models.IntegerField(_("balance"), default=0, editable=False)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))
    state = models.CharField(_("state"), max_length=10, choices=AwardState.choices, default=AwardState.OFFERED)
    priority = models.PositiveSmallIntegerField(
        _("priority"), default=0, db_default=0, help_text=_("Higher numbers are served first from the waiting list")
    )
    answer_by = models.DateTimeField(_("to be accepted by"), null=True, blank=True)
    report_due_on = models.DateField(_("report due"), null=True, blank=True)

    objects = AwardQuerySet.as_manager()

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        ordering = ["-valid_until", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(balance_minutes__gte=0), name="award_never_overspent"),
            models.CheckConstraint(condition=Q(valid_from__lte=F("valid_until")), name="award_begins_before_its_end"),
            models.CheckConstraint(
                condition=~Q(kind="hours") | Q(instrument__isnull=False), name="award_of_hours_has_an_instrument"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "state"], name="award_of_organisation"),
            models.Index(fields=["state", "report_due_on"], name="award_report_due"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.ref})"

    def get_absolute_url(self) -> str:
        return reverse("awards:detail", args=[self.ref])

    @property
    def is_bookable(self) -> bool:
        """Whether it can be booked from: awards of hours alone."""
        return self.kind == AwardKind.HOURS

    @property
    def hours_on(self) -> Instrument:
        """The instrument of an award of hours, which `award_of_hours_has_an_instrument` promises."""
        assert self.instrument is not None
        return self.instrument

    @property
    def gives(self) -> str:
        """What it gives in a few words: the instrument's name, or the kind of what is no time on an instrument."""
        return self.hours_on.name if self.is_bookable else str(self.get_kind_display())

    def is_report_overdue(self, day: date) -> bool:
        """Whether the report was due before `day` and has not come."""
        return self.state == AwardState.ENDED and self.report_due_on is not None and self.report_due_on < day

    @property
    def report_due_at(self) -> datetime | None:
        """The midnight with which the day ends by which the report is due."""
        return self._midnight(self.report_due_on + timedelta(days=1)) if self.report_due_on else None

    @property
    def starts_at(self) -> datetime:
        """The midnight with which the first day begins on the award's clock."""
        return self._midnight(self.valid_from)

    @property
    def ends_at(self) -> datetime:
        """The midnight with which the last day ends on the award's clock."""
        return self._midnight(self.valid_until + timedelta(days=1))

    @property
    def time_zone(self) -> str:
        """The clock by which the award's days begin and end: the instrument's, else that of its organisation."""
        return self.instrument.time_zone if self.instrument else self.organisation.time_zone

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=ZoneInfo(self.time_zone))


class LedgerEntry(models.Model):
    """One movement of an award's minutes; entries are only ever added. `booking` is a booking's ref, as text."""

    award = models.ForeignKey(Award, models.CASCADE, related_name="entries", verbose_name=_("award"))
    kind = models.CharField(_("kind"), max_length=10, choices=EntryKind.choices)
    minutes = models.IntegerField(_("minutes"))
    booking = models.CharField(_("booking"), max_length=12, blank=True)
    why = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["award", "at"], name="ledger_of_an_award")]

    def __str__(self) -> str:
        return f"{self.kind} {self.minutes:+}"
