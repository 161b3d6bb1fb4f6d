"""Those who wait for time to fall free."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bookings.enums import WaitlistState
from bookings.querysets import WaitlistQuerySet
from calls.models import Award
from portal.accounts.models import Organisation
from portal.core.models import Timestamped, new_ref


class WaitlistEntry(Timestamped):
    """A wish for `minutes` of time within `window`, on the instrument of any of `awards`.

    `least_notice` is how many minutes ahead an offer must come to be of use. An offer is a booking in state `held`
    that names this entry; those it declined or let expire name it too, and are not offered again.
    """

    ref = models.CharField(_("reference"), max_length=12, unique=True, default=new_ref, editable=False)
    awards = models.ManyToManyField(Award, related_name="waitlist_entries", verbose_name=_("awards"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="waitlist_entries", verbose_name=_("organisation")
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="waitlist_entries", verbose_name=_("asked by")
    )
    window = DateTimeRangeField(_("from when until when"))
    minutes = models.PositiveIntegerField(_("length"), help_text=_("minutes"))
    least_notice = models.PositiveIntegerField(_("notice needed"), default=1440, help_text=_("minutes"))
    purpose = models.CharField(_("purpose"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=WaitlistState.choices, default=WaitlistState.WAITING)

    objects = WaitlistQuerySet.as_manager()

    class Meta:
        verbose_name = _("place on the waiting list")
        verbose_name_plural = _("places on the waiting list")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="waitlist_wants_minutes"),
            models.CheckConstraint(
                condition=Q(window__isempty=False, window__lower_inf=False, window__upper_inf=False),
                name="waitlist_window_is_finite",
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="waitlist_waiting", condition=Q(state="waiting")),
            models.Index(fields=["organisation", "-id"], name="waitlist_of_organisation"),
        ]

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return reverse("waitlist:detail", args=[self.ref])

    @property
    def start(self) -> datetime:
        return self.window.lower

    @property
    def end(self) -> datetime:
        return self.window.upper
