"""What was answered under an Idempotency-Key, kept for 48 hours."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class IdempotencyRecord(models.Model):
    """One request of one caller. While `status` is null it is being worked on, by `attempt`, since `started_at`."""

    who = models.CharField(_("caller"), max_length=80, help_text=_("account, or a keyed hash of the address"))
    key = models.CharField(_("key"), max_length=255)
    request = models.CharField(_("request"), max_length=500, help_text=_("method and path"))
    body_digest = models.CharField(_("body"), max_length=64, help_text=_("SHA-256"))
    attempt = models.CharField(_("attempt"), max_length=32)
    started_at = models.DateTimeField(_("started"))
    status = models.PositiveSmallIntegerField(_("status answered"), null=True, blank=True)
    content_type = models.CharField(_("content type answered"), max_length=100, blank=True)
    location = models.CharField(_("location answered"), max_length=500, blank=True)
    body = models.TextField(_("body answered"), blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("idempotency record")
        verbose_name_plural = _("idempotency records")
        constraints = [models.UniqueConstraint(fields=["who", "key"], name="idempotency_key_once_a_caller")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_by_age")]

    def __str__(self) -> str:
        return f"{self.request} ({self.who})"
