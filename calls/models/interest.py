"""A standing wish to hear, with or without an account."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from calls.enums import CallKind, Combine, InterestState, Standing
from calls.matching import InterestQuerySet
from calls.models.call import Call
from instruments.models import EquipmentCategory, Technique
from portal.core.models import Timestamped, new_token
from portal.notifications.enums import Frequency


class Interest(Timestamped):
    """Empty criteria match anything. `token` opens the manage page and never expires; only its holder knows it."""

    token = models.CharField(max_length=43, unique=True, editable=False, default=new_token)
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
    combine = models.CharField(_("what must fit"), max_length=3, choices=Combine.choices, default=Combine.ALL)
    categories = models.ManyToManyField(
        EquipmentCategory, blank=True, related_name="interests", verbose_name=_("equipment")
    )
    country = models.CharField(_("country of work"), max_length=2, blank=True)
    countries = ArrayField(models.CharField(max_length=2), verbose_name=_("countries"), default=list, blank=True)
    institution = models.CharField(_("institution"), max_length=200, blank=True)
    offering = models.TextField(_("what can be opened or given"), blank=True, max_length=2000)
    note = models.TextField(_("in your own words"), blank=True, max_length=2000)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    frequency = models.CharField(_("how often"), max_length=8, choices=Frequency.choices, default=Frequency.AT_ONCE)
    consent = models.TextField(_("wording consented to"))
    consent_version = models.CharField(_("version of the wording"), max_length=20)
    state = models.CharField(
        _("state"), max_length=12, choices=InterestState.choices, default=InterestState.UNCONFIRMED
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_why = models.CharField(_("why it ended"), max_length=20, blank=True)

    objects = InterestQuerySet.as_manager()

    class Meta:
        verbose_name = _("interest")
        verbose_name_plural = _("interests")
        indexes = [
            models.Index(Lower("address"), "state", name="interest_of_an_address"),
            models.Index(fields=["country"], name="interest_active", condition=Q(state="active")),
            models.Index(fields=["created_at"], name="interest_unconfirmed", condition=Q(state="unconfirmed")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="unconfirmed") | Q(confirmed_at__isnull=False), name="interest_confirmed_by_somebody"
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False) | Q(~Q(state="ended"), ended_at__isnull=True),
                name="interest_ended_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address} ({self.get_standing_display()})"

    def get_absolute_url(self) -> str:
        return reverse("interest:manage", args=[self.token])

    @property
    def is_active(self) -> bool:
        return self.state == InterestState.ACTIVE

    @property
    def kind_names(self) -> list[str]:
        return [str(CallKind(kind).label) for kind in self.kinds]

    @property
    def countries_names(self) -> list[str]:
        return sorted(str(countries.name(code)) for code in self.countries)

    @property
    def country_name(self) -> str:
        return str(countries.name(self.country))
