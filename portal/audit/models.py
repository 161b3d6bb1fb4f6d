"""The history: every change of state leaves a row here, in the transaction that made the change."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Record(models.Model):
    """Who did which verb to which row, from what to what, when and why. Never changed, never deleted."""

    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("who")
    )
    actor = models.CharField(_("actor"), max_length=20, help_text=_("person or clock"))
    model = models.CharField(_("kind of row"), max_length=60)
    row_id = models.BigIntegerField(_("row"))
    verb = models.CharField(_("deed"), max_length=40)
    before = models.CharField(_("from"), max_length=40, blank=True)
    after = models.CharField(_("to"), max_length=40, blank=True)
    why = models.TextField(_("reason"), blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        verbose_name = _("history entry")
        verbose_name_plural = _("history")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["model", "row_id", "at"], name="audit_of_a_row")]

    def __str__(self) -> str:
        return f"{self.model} {self.row_id}: {self.verb}"
