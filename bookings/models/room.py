"""Who was in a session and when, what was said there, who was invited, how it went; and checks of lines."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.enums import Leaving, Part, Went
from bookings.models.booking import Booking
from bookings.models.session import Session
from bookings.querysets import AttendanceQuerySet, ConnectionCheckQuerySet, GuestQuerySet
from portal.core.models import Timestamped


class Attendance(models.Model):
    """One line from a browser to the desktop of a session, from `joined_at` until `left_at`.

    The relay writes `seen_at` every few seconds, so that a line whose relay was killed is known to be gone.
    `asks_at` is since when this person asks for control.
    """

    GONE_AFTER = timedelta(seconds=30)

    session = models.ForeignKey(Session, models.CASCADE, related_name="attendances", verbose_name=_("session"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="attendances", verbose_name=_("person")
    )
    part = models.CharField(_("part"), max_length=10, choices=Part.choices)
    relay = models.CharField(_("relay"), max_length=32)
    joined_at = models.DateTimeField(_("joined"))
    seen_at = models.DateTimeField(_("last seen"))
    asks_at = models.DateTimeField(_("asks for control since"), null=True, blank=True)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    left_why = models.CharField(_("why"), max_length=10, choices=Leaving.choices, blank=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["joined_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(left_at=None, left_why="") | Q(left_at__isnull=False) & ~Q(left_why=""),
                name="attendance_left_for_a_reason",
            )
        ]
        indexes = [
            models.Index(fields=["session", "joined_at"], name="attendance_of_a_session"),
            models.Index(fields=["relay"], name="attendance_open", condition=Q(left_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.session}"

    def is_here(self, moment: datetime) -> bool:
        return self.left_at is None and self.seen_at > moment - self.GONE_AFTER


class ChatMessage(models.Model):
    """Something said in a session; kept with it, whether or not the desktop was open."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="messages", verbose_name=_("session"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="chat_messages", verbose_name=_("author")
    )
    text = models.CharField(_("text"), max_length=1000)
    sent_at = models.DateTimeField(_("sent"))
    form_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["pk"]
        indexes = [models.Index(fields=["session", "id"], name="chat_of_a_session")]

    def __str__(self) -> str:
        return self.text


class Guest(Timestamped):
    """Somebody invited by address to watch one session; the account with that verified address may come in."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="guests", verbose_name=_("session"))
    email = models.EmailField(_("e-mail address"))
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="guests_invited", verbose_name=_("invited by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = GuestQuerySet.as_manager()

    class Meta:
        verbose_name = _("guest")
        verbose_name_plural = _("guests")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["session", "email"], name="guest_invited_once")]
        indexes = [models.Index(fields=["email"], name="guest_by_email", condition=Q(withdrawn_at=None))]

    def __str__(self) -> str:
        return self.email


class SessionReport(Timestamped):
    """How a session went, told once by each side: those who take part, and the laboratory."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="reports", verbose_name=_("session"))
    by_laboratory = models.BooleanField(_("of the laboratory"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="session_reports", verbose_name=_("author")
    )
    went = models.CharField(_("it went"), max_length=6, choices=Went.choices)
    minutes_lost = models.PositiveIntegerField(_("minutes lost"), default=0)
    text = models.TextField(_("what happened"), max_length=4000, blank=True)

    class Meta:
        verbose_name = _("session report")
        verbose_name_plural = _("session reports")
        constraints = [models.UniqueConstraint(fields=["session", "by_laboratory"], name="session_report_once_a_side")]

    def __str__(self) -> str:
        return f"{self.session}: {self.went}"


class ConnectionCheck(Timestamped):
    """How well a line carried the practice instrument: milliseconds and kbit/s; null where it got no result."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="connection_checks", verbose_name=_("person")
    )
    booking = models.ForeignKey(
        Booking,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="connection_checks",
        verbose_name=_("for the booking"),
    )
    latency = models.PositiveIntegerField(_("latency"), null=True, help_text=_("milliseconds, there and back"))
    jitter = models.PositiveIntegerField(_("jitter"), null=True, help_text=_("milliseconds"))
    down = models.PositiveIntegerField(_("download"), null=True, help_text=_("kbit/s"))
    up = models.PositiveIntegerField(_("upload"), null=True, help_text=_("kbit/s"))
    picture = models.PositiveIntegerField(_("first picture after"), null=True, help_text=_("milliseconds"))
    browser = models.CharField(_("browser"), max_length=300, blank=True)

    objects = ConnectionCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("connection check")
        verbose_name_plural = _("connection checks")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["user", "-id"], name="connection_check_of_a_person")]

    def __str__(self) -> str:
        return f"{self.user}: {self.created_at}"
