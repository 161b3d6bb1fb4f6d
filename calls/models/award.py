"""Hours on an instrument, and the ledger that accounts for every minute of them."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from calls.enums import AwardState, EntryKind
from calls.models.call import Call
from calls.querysets import AwardQuerySet
from instruments.models import Instrument
from portal.accounts.models import Organisation
from portal.core.models import Timestamped, new_ref


class Award(Timestamped):
    """`balance_minutes` is the sum of the ledger, moved by a conditional update in the same transaction."""

    ref = models.CharField(_("reference"), max_length=12, unique=True, default=new_ref, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, null=True, blank=True, related_name="awards", verbose_name=_("call"))
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
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="awards", verbose_name=_("instrument"))
    granted_minutes = models.PositiveIntegerField(_("granted"), help_text=_("minutes"))
    balance_minutes = models.IntegerField(_("balance"), default=0, editable=False)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))
    state = models.CharField(_("state"), max_length=10, choices=AwardState.choices, default=AwardState.OFFERED)
    answer_by = models.DateTimeField(_("to be accepted by"), null=True, blank=True)

    objects = AwardQuerySet.as_manager()

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        ordering = ["-valid_until", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(balance_minutes__gte=0), name="award_never_overspent"),
            models.CheckConstraint(condition=Q(valid_from__lte=F("valid_until")), name="award_begins_before_its_end"),
        ]
        indexes = [models.Index(fields=["organisation", "state"], name="award_of_organisation")]

    def __str__(self) -> str:
        return f"{self.title} ({self.ref})"

    def get_absolute_url(self) -> str:
        return reverse("awards:detail", args=[self.ref])

    @property
    def starts_at(self) -> datetime:
        """The midnight with which the first day begins on the instrument's clock."""
        return self._midnight(self.valid_from)

    @property
    def ends_at(self) -> datetime:
        """The midnight with which the last day ends on the instrument's clock."""
        return self._midnight(self.valid_until + timedelta(days=1))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=ZoneInfo(self.instrument.time_zone))


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
