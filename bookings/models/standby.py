"""The stand-by queue: those who are on the spot and take what falls free."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bookings.enums import StandbyState
from bookings.models.booking import Booking
from bookings.querysets import StandbyQuerySet
from calls.models import Award
from instruments.models import Instrument
from portal.core.models import Timestamped, new_ref


class StandbyEntry(Timestamped):
    """Wants `minutes` of an instrument as soon as they fall free, until `until`, paid by `award`.

    Who is called holds a booking in state `held`, `booking`, and has until its `held_until` to answer.
    """

    ref = models.CharField(_("reference"), max_length=12, unique=True, default=new_ref, editable=False)
    instrument = models.ForeignKey(
        Instrument, models.CASCADE, related_name="standby_entries", verbose_name=_("instrument")
    )
    award = models.ForeignKey(Award, models.PROTECT, related_name="standby_entries", verbose_name=_("award"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="standby_entries", verbose_name=_("asked by")
    )
    minutes = models.PositiveIntegerField(_("length"), help_text=_("minutes"))
    until = models.DateTimeField(_("waits until"))
    purpose = models.CharField(_("purpose"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=StandbyState.choices, default=StandbyState.WAITING)
    called_at = models.DateTimeField(_("called"), null=True, blank=True)
    booking = models.OneToOneField(
        Booking,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="standby_entry",
        verbose_name=_("time called to"),
    )

    objects = StandbyQuerySet.as_manager()

    class Meta:
        verbose_name = _("place in the stand-by queue")
        verbose_name_plural = _("places in stand-by queues")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "award"],
                condition=Q(state__in=[StandbyState.WAITING, StandbyState.CALLED]),
                name="standby_once_an_award",
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="standby_wants_minutes"),
        ]
        indexes = [
            models.Index(
                fields=["instrument", "created_at"], name="standby_queue", condition=Q(state=StandbyState.WAITING)
            )
        ]

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return reverse("standby:detail", args=[self.ref])

    @property
    def is_waiting(self) -> bool:
        return self.state == StandbyState.WAITING

    @property
    def is_open(self) -> bool:
        """Waiting, or called and not answered yet."""
        return self.state in (StandbyState.WAITING, StandbyState.CALLED)
