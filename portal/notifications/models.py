"""The outbox: one row is one message to one address about one event."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from portal.core.models import Timestamped
from portal.notifications.enums import Cause, Frequency, State
from portal.notifications.querysets import NotificationQuerySet, SuppressionQuerySet


class Notification(Timestamped):
    """Written in the event's transaction under a key that makes a second one impossible; workers deliver it.

    One for a subscriber who wants digests is held until their morning and then merged into the row that `digest` names.
    """

    kind = models.CharField(_("kind"), max_length=60)
    key = models.CharField(_("key"), max_length=400)
    address = models.EmailField(_("address"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        db_index=False,  # has the index of a person's messages; each index costs a fan-out its seconds
        related_name="notifications",
        verbose_name=_("person"),
    )
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    frequency = models.CharField(
        _("how often"), max_length=8, choices=Frequency.choices, default=Frequency.AT_ONCE, db_default=Frequency.AT_ONCE
    )
    digest = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="parts",
        verbose_name=_("merged into"),
    )
    data = models.JSONField(_("data"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.PENDING)
    due_at = models.DateTimeField(_("due"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    attempt_token = models.UUIDField(_("attempt token"), null=True, blank=True, editable=False)
    sending_at = models.DateTimeField(_("hand-over began"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        indexes = [
            models.Index(fields=["due_at", "id"], name="notification_due", condition=models.Q(state="pending")),
            models.Index(fields=["sending_at"], name="notification_sending", condition=models.Q(state="sending")),
            models.Index(
                fields=["user", "-created_at"],
                name="notification_of_a_person",
                condition=models.Q(user__isnull=False),
            ),
            models.Index(
                fields=["time_zone", "frequency", "created_at"],
                name="notification_held",
                condition=models.Q(state="held"),
            ),
            models.Index(fields=["digest"], name="notification_parts", condition=models.Q(digest__isnull=False)),
        ]
        constraints = [models.UniqueConstraint(fields=["key"], name="notification_once_an_event_and_address")]

    def __str__(self) -> str:
        return f"{self.kind} to {self.address}"


class Suppression(Timestamped):
    """An address that subscriptions must leave alone: it bounced or complained. Account mail is never blocked."""

    address = models.EmailField(_("address"))
    why = models.CharField(_("reason"), max_length=200)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
        constraints = [models.UniqueConstraint(Lower("address"), name="suppression_once_an_address")]

    def __str__(self) -> str:
        return self.address


class DeliveryReport(models.Model):
    """What a mail provider reported of an address and was acted upon; a second report of one event changes nothing."""

    key = models.CharField(_("key"), max_length=64, unique=True, help_text=_("SHA-256 of provider and event"))
    provider = models.CharField(_("provider"), max_length=20)
    cause = models.CharField(_("reason"), max_length=12, choices=Cause.choices)
    address = models.EmailField(_("address"))
    at = models.DateTimeField(_("reported"))

    class Meta:
        verbose_name = _("report of a mail provider")
        verbose_name_plural = _("reports of mail providers")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.provider}: {self.address} {self.cause}"
