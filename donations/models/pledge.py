"""Money, mobility or expertise that somebody promises; no payment is taken here."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from donations.enums import PledgeKind, PledgeState
from donations.querysets import PledgeQuerySet
from portal.accounts.models import Organisation
from portal.core.models import Timestamped, new_ref


class Pledge(Timestamped):
    """`amount_eur` is promised, `spent_eur` what shipments and others were allotted of it."""

    ref = models.CharField(_("reference"), max_length=12, unique=True, default=new_ref, editable=False)
    donor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="pledges", verbose_name=_("donor"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="pledges", verbose_name=_("organisation")
    )
    kind = models.CharField(_("kind"), max_length=9, choices=PledgeKind.choices)
    state = models.CharField(_("state"), max_length=10, choices=PledgeState.choices, default=PledgeState.DECLARED)
    words = models.TextField(_("what you would give"), max_length=2000)
    amount_eur = models.PositiveIntegerField(_("amount"), null=True, blank=True, help_text=_("euros"))
    spent_eur = models.PositiveIntegerField(_("allotted"), default=0, editable=False)
    countries = ArrayField(
        models.CharField(max_length=2), verbose_name=_("for these countries"), default=list, blank=True
    )
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    used_for = models.CharField(_("what it is used for"), max_length=300, blank=True)
    note = models.TextField(_("what staff wrote"), blank=True, max_length=2000)
    reminded_at = models.DateTimeField(_("reminded of the end"), null=True, blank=True)

    objects = PledgeQuerySet.as_manager()

    class Meta:
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(spent_eur=0) | Q(amount_eur__isnull=False, spent_eur__lte=F("amount_eur")),
                name="pledge_never_overspent",
            ),
            models.CheckConstraint(
                condition=~Q(kind="money") | Q(amount_eur__gte=1), name="pledge_of_money_says_how_much"
            ),
        ]
        indexes = [models.Index(fields=["state", "updated_at"], name="pledge_by_state")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.ref})"

    def get_absolute_url(self) -> str:
        return reverse("pledges:detail", args=[self.ref])

    @property
    def left_eur(self) -> int | None:
        """What is not allotted yet; None where no money is pledged."""
        return None if self.amount_eur is None else self.amount_eur - self.spent_eur
