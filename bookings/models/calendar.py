"""Links by which calendar programs read bookings."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.querysets import CalendarFeedQuerySet
from instruments.models import Instrument
from portal.core.models import Timestamped


class CalendarFeed(Timestamped):
    """A secret address of a person's own bookings or, with `instrument`, of that one's as this person sees them.

    It is found by the SHA-256 of its token; the token lies sealed beside it, so that its owner can read it again.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feeds", verbose_name=_("owner")
    )
    instrument = models.ForeignKey(
        Instrument,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="calendar_feeds",
        verbose_name=_("instrument"),
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    sealed_token = models.CharField(max_length=300, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar link")
        verbose_name_plural = _("calendar links")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(revoked_at=None, instrument=None), name="calendar_of_own_bookings_once"
            ),
            models.UniqueConstraint(
                fields=["user", "instrument"], condition=Q(revoked_at=None), name="calendar_of_an_instrument_once"
            ),
        ]

    def __str__(self) -> str:
        subject = self.instrument or _("own bookings")
        return f"{self.user}: {subject}"
