"""Who provides what, until when: the agreement between a laboratory and the programme about one instrument."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from instruments.enums import AgreementState
from instruments.models.instrument import Instrument
from instruments.querysets import AgreementQuerySet
from portal.accounts.models import Organisation
from portal.core.models import Timestamped, new_ref


class Agreement(Timestamped):
    """Days are the laboratory's. `renews` is the one that this one follows.

    `offered_by` is staff; `agreed_by` an operator of the laboratory, `signatory` the person in whose name.
    """

    ref = models.CharField(_("reference"), max_length=12, unique=True, default=new_ref, editable=False)
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="agreements", verbose_name=_("instrument"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="agreements", verbose_name=_("host laboratory")
    )
    laboratory_gives = models.TextField(_("what the laboratory provides"), max_length=4000)
    programme_gives = models.TextField(_("what the programme provides"), max_length=4000)
    minutes_a_year = models.PositiveIntegerField(
        _("instrument time a year"), null=True, blank=True, help_text=_("minutes")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    renews = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="renewed_by", verbose_name=_("renews")
    )
    state = models.CharField(_("state"), max_length=10, choices=AgreementState.choices, default=AgreementState.DRAFT)
    state_note = models.TextField(_("note on the state"), blank=True, max_length=1000)
    offered_at = models.DateTimeField(_("offered"), null=True, blank=True)
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("offered by")
    )
    signatory = models.CharField(_("signed for the laboratory by"), max_length=200, blank=True)
    agreed_at = models.DateTimeField(_("agreed"), null=True, blank=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("agreed by")
    )
    warned_at = models.DateTimeField(_("warned of its end"), null=True, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(starts_on__lt=F("ends_on")), name="agreement_begins_before_its_end"),
            models.CheckConstraint(
                condition=~Q(state="agreed") | Q(agreed_at__isnull=False) & ~Q(signatory=""),
                name="agreement_agreed_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["ends_on"], name="agreement_running_out", condition=Q(state="agreed"))]

    def __str__(self) -> str:
        return f"{self.instrument} ({self.ref})"

    def get_absolute_url(self) -> str:
        return reverse("agreements:detail", args=[self.ref])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.organisation.time_zone)
