"""What a need and an offer have in common: a draft in steps, a gate, numbers that matches take from."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from instruments.models import EquipmentCategory
from portal.core.models import Timestamped, new_ref

MOST_PIECES = 1000


class Thing(Timestamped):
    """`steps`: name of a section -> {"version": int, "at": ISO moment, "by": person's pk, "done": bool}.

    `quantity_matched` is the sum of the quantities of its matches in HOLDING states, moved in their transactions.
    """

    ref = models.CharField(_("reference"), max_length=12, unique=True, default=new_ref, editable=False)
    category = models.ForeignKey(
        EquipmentCategory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    title = models.CharField(_("title"), max_length=120, blank=True)
    language = models.CharField(_("language of the text"), max_length=10, default="en")
    quantity = models.PositiveSmallIntegerField(_("how many"), default=1)
    quantity_matched = models.PositiveSmallIntegerField(_("matched"), default=0, editable=False)
    steps = models.JSONField(default=dict, editable=False)
    submitted_at = models.DateTimeField(_("handed in"), null=True, blank=True)
    public_at = models.DateTimeField(_("public since"), null=True, blank=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded of the expiry"), null=True, blank=True)
    answer_by = models.DateTimeField(_("to be answered by"), null=True, blank=True)
    note = models.TextField(_("what staff wrote"), blank=True, max_length=2000)
    end_use = models.CharField(_("end use"), max_length=300, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title or self.ref

    @property
    def left(self) -> int:
        """How many pieces no match holds."""
        return max(0, self.quantity - self.quantity_matched)

    def is_done(self, step: str) -> bool:
        """Whether its people said that this section is complete."""
        said: dict[str, Any] = self.steps.get(step, {})
        return bool(said.get("done"))
