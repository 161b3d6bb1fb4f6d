"""What staff checked before a need or an offer went on."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from donations.enums import Answer, Point
from donations.models.need import Need
from donations.models.offer import Offer
from portal.core.models import Timestamped


class GateCheck(Timestamped):
    """The verdict on one point of the checklist, the last one counts; earlier ones stand in the audit."""

    need = models.ForeignKey(Need, models.CASCADE, null=True, blank=True, related_name="checks")
    offer = models.ForeignKey(Offer, models.CASCADE, null=True, blank=True, related_name="checks")
    point = models.CharField(_("point"), max_length=16, choices=Point.choices)
    verdict = models.CharField(_("verdict"), max_length=10, choices=Answer.choices)
    note = models.CharField(_("note"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("checked by"))
    at = models.DateTimeField(_("checked"))

    class Meta:
        verbose_name = _("check at the gate")
        verbose_name_plural = _("checks at the gate")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(need__isnull=False, offer=None) | Q(need=None, offer__isnull=False),
                name="gate_check_of_one_thing",
            ),
            models.UniqueConstraint(fields=["need", "point"], name="gate_check_once_a_need"),
            models.UniqueConstraint(fields=["offer", "point"], name="gate_check_once_an_offer"),
        ]

    def __str__(self) -> str:
        return str(self.get_point_display())
