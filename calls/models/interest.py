"""A standing wish to hear, with or without an account."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calls.enums import CallKind, Frequency, InterestState, Standing
from calls.models.call import Call
from instruments.models import Technique
from portal.core.models import Timestamped


class Interest(Timestamped):
    """Empty criteria match anything. `token` opens the manage page and never expires; only its holder knows it."""

    token = models.CharField(max_length=43, unique=True, editable=False)
    address = models.EmailField(_("address"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="interests",
        verbose_name=_("person"),
    )
    standing = models.CharField(_("as"), max_length=12, choices=Standing.choices, default=Standing.BENEFICIARY)
    call = models.ForeignKey(
        Call, models.CASCADE, null=True, blank=True, related_name="interests", verbose_name=_("one call")
    )
    techniques = models.ManyToManyField(Technique, blank=True, related_name="interests", verbose_name=_("techniques"))
    kinds = ArrayField(
        models.CharField(max_length=15, choices=CallKind.choices), verbose_name=_("kinds"), default=list, blank=True
    )
    country = models.CharField(_("country of work"), max_length=2, blank=True)
    note = models.TextField(_("in your own words"), blank=True, max_length=2000)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    frequency = models.CharField(_("how often"), max_length=8, choices=Frequency.choices, default=Frequency.AT_ONCE)
    consent = models.TextField(_("wording consented to"))
    state = models.CharField(
        _("state"), max_length=12, choices=InterestState.choices, default=InterestState.UNCONFIRMED
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_why = models.CharField(_("why it ended"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("interest")
        verbose_name_plural = _("interests")
        indexes = [
            models.Index(fields=["address"], name="interest_of_an_address"),
            models.Index(fields=["id"], name="interest_active", condition=Q(state="active")),
        ]

    def __str__(self) -> str:
        return f"{self.address} ({self.get_standing_display()})"
