"""A call: what is offered to whom, from when until when."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries.fields import Country, CountryField

from calls.enums import CallKind, CallPhase, CallState
from calls.querysets import SEARCHED, CallQuerySet
from instruments.models import Instrument, Technique
from portal.accounts.models import validate_time_zone
from portal.core.models import Timestamped
from portal.core.search import fold


class Call(Timestamped):
    """Upcoming, open and closed follow from the two moments and the clock; only deeds change `state`."""

    slug = models.SlugField(_("address part"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=15, choices=CallKind.choices, default=CallKind.REMOTE_ACCESS)
    title = models.CharField(_("title"), max_length=160)
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    description = models.TextField(_("description"), blank=True, help_text=_("Markdown"))
    covers = models.TextField(_("what it covers"), blank=True, help_text=_("Markdown"))
    techniques = models.ManyToManyField(Technique, blank=True, related_name="calls", verbose_name=_("techniques"))
    instruments = models.ManyToManyField(Instrument, blank=True, related_name="calls", verbose_name=_("instruments"))
    countries = CountryField(
        _("countries of work"), multiple=True, blank=True, help_text=_("Where applicants work; none chosen means any")
    )
    minutes_offered = models.PositiveIntegerField(_("instrument time offered"), default=0, help_text=_("minutes"))
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC", validators=[validate_time_zone])
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    decision_on = models.DateField(_("decision expected"), null=True, blank=True)
    contact = models.EmailField(_("contact"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=CallState.choices, default=CallState.DRAFT)
    state_note = models.TextField(_("note on the state"), blank=True, help_text=_("Why it was withdrawn"))
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    announced_at = models.DateTimeField(_("interests told"), null=True, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ["-closes_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(opens_at__lt=F("closes_at")), name="call_opens_before_closing")
        ]
        indexes = [
            models.Index(fields=["state", "closes_at"], name="call_listing"),
            GinIndex(SEARCHED["en"], name="call_search_en"),
            GinIndex(SEARCHED["fr"], name="call_search_fr"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("calls:detail", args=[self.slug])

    def phase_at(self, moment: datetime) -> CallPhase:
        """What visitors see at `moment`; of a draft, what they would see were it published."""
        if self.state in (CallState.DECIDED, CallState.ARCHIVED):
            return CallPhase.DECIDED
        if self.state == CallState.WITHDRAWN:
            return CallPhase.WITHDRAWN
        if moment < self.opens_at:
            return CallPhase.UPCOMING
        return CallPhase.OPEN if moment < self.closes_at else CallPhase.CLOSED

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the call's moments were set and are announced."""
        return ZoneInfo(self.time_zone)

    @property
    def description_language(self) -> str:
        """Language code of what `description` gives: the reader's, or English where nobody translated it."""
        return self._language_of("description")

    @property
    def covers_language(self) -> str:
        return self._language_of("covers")

    def _language_of(self, field: str) -> str:
        own = get_language() or settings.LANGUAGE_CODE
        return own if getattr(self, f"{field}_{own}", "") else settings.LANGUAGE_CODE

    @property
    def is_open_to_all(self) -> bool:
        """Whether people may come from any country of work."""
        return not self.countries

    @property
    def countries_by_name(self) -> list[Country]:
        """The countries of work in the order a reader of the active language looks for them."""
        countries = cast("Iterable[Country]", self.countries)  # several, which the stubs do not know
        return sorted(countries, key=lambda country: fold(str(country.name)))

    @property
    def phase(self) -> CallPhase:
        return self.phase_at(timezone.now())
