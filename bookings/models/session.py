"""The live part of a booking."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bookings.enums import SessionState
from bookings.models.booking import Booking
from bookings.querysets import LEAST_GRACE, SessionQuerySet
from instruments.enums import AccessMode
from portal.core.models import Timestamped


class Session(Timestamped):
    """The live part of a booking; workers move it along from this row and the clock, never from a timer in memory.

    `joined_at` is when one of those who take part first reached the desktop: a session that nobody joined is missed.
    `controller` is the one person whose hands the relay lets through; kept three minutes from `control_lost_at` on.
    """

    DAY_BEFORE = timedelta(hours=24)
    JUST_BEFORE = timedelta(minutes=15)

    booking = models.OneToOneField(Booking, models.CASCADE, related_name="session", verbose_name=_("booking"))
    state = models.CharField(_("state"), max_length=10, choices=SessionState.choices, default=SessionState.SCHEDULED)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    reminded_day_at = models.DateTimeField(_("reminded a day before"), null=True, blank=True)
    reminded_soon_at = models.DateTimeField(_("reminded just before"), null=True, blank=True)
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="sessions_run",
        verbose_name=_("operator who checked in"),
    )
    checked_in_at = models.DateTimeField(_("operator checked in"), null=True, blank=True)
    absence_told_at = models.DateTimeField(_("told that no operator checked in"), null=True, blank=True)

    answer_told_at = models.DateTimeField(_("told that the instrument does not answer"), null=True, blank=True)
    joined_at = models.DateTimeField(_("first joined"), null=True, blank=True)
    controller = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="sessions_controlled",
        verbose_name=_("has control"),
    )
    control_lost_at = models.DateTimeField(_("line of who has control dropped"), null=True, blank=True)

    report_told_at = models.DateTimeField(_("reminded of the report"), null=True, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        indexes = [
            models.Index(
                fields=["starts_at"],
                name="session_to_move",
                condition=Q(state__in=["scheduled", "queued", "ready", "live"]),
            ),
        ]

    def __str__(self) -> str:
        return str(self.booking)

    def get_absolute_url(self) -> str:
        return reverse("sessions:detail", args=[self.booking.ref])

    @property
    def needs_operator(self) -> bool:
        """As SessionQuerySet.without_operator_at asks: the policy says so, or the researcher only watches."""
        instrument = self.booking.instrument
        return instrument.policy.needs_operator or instrument.access_mode == AccessMode.OBSERVED

    @property
    def missed_at(self) -> datetime:
        """When a session that nobody began counts as missed: after a quarter of it, at least half an hour."""
        grace = max((self.ends_at - self.starts_at) / 4, LEAST_GRACE)
        return min(self.starts_at + grace, self.ends_at)
