"""Bootcamps, hands-on trainings, seminars and international days, with their figures."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from calls.models import Call
from instruments.models import Technique, Training
from portal.accounts.models import Organisation
from portal.accounts.zones import validate_time_zone
from portal.core.models import LinkField, Timestamped
from portal.stories.enums import EventKind, EventState
from portal.stories.querysets import EVENT_SEARCHED, EventQuerySet


class Event(Timestamped):
    """`starts_at` to `ends_at`, in `time_zone`; without `has_hours` whole days, from midnight to midnight there.

    `people` and `women` are how many came; null where nobody knows. Its trainings are where people apply and pass.
    """

    slug = models.SlugField(_("address part"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=EventKind.choices)
    title = models.CharField(_("title"), max_length=160)
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    body = models.TextField(_("text"), max_length=20_000, blank=True, help_text=_("Markdown"))
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    has_hours = models.BooleanField(_("begins and ends at an hour"), default=False)
    time_zone = models.CharField(_("time zone"), max_length=60, validators=[validate_time_zone])
    place = models.CharField(_("place"), max_length=160, blank=True)
    country = CountryField(_("country"), blank=True)
    link = LinkField(_("link to join, or to more about it"), blank=True, max_length=500)
    call = models.ForeignKey(
        Call, models.SET_NULL, null=True, blank=True, related_name="events", verbose_name=_("call for its places")
    )
    trainings = models.ManyToManyField(Training, blank=True, related_name="events", verbose_name=_("trainings"))
    techniques = models.ManyToManyField(Technique, blank=True, related_name="events", verbose_name=_("techniques"))
    organisations = models.ManyToManyField(
        Organisation, blank=True, related_name="events", verbose_name=_("organisations of the network that hold it")
    )
    partners = models.TextField(_("other partners"), max_length=1000, blank=True, help_text=_("One a line"))
    people = models.PositiveIntegerField(_("people who came"), null=True, blank=True)
    women = models.PositiveIntegerField(_("of them women"), null=True, blank=True)
    source = models.CharField(_("where the figures come from"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=EventState.choices, default=EventState.DRAFT)
    state_note = models.TextField(_("note on the state"), blank=True, max_length=1000)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="event_ends_after_its_start"),
            models.CheckConstraint(
                condition=Q(women=None) | Q(people__isnull=False, women__lte=F("people")),
                name="event_women_among_people",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "starts_at"], name="event_listing"),
            models.Index(fields=["country"], name="event_of_a_country"),
            GinIndex(EVENT_SEARCHED["en"], name="event_search_en"),
            GinIndex(EVENT_SEARCHED["fr"], name="event_search_fr"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("events:detail", args=[self.slug])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def first_day(self) -> date:
        """The day it begins on, on its own clock."""
        return self.starts_at.astimezone(self.zone).date()

    @property
    def last_day(self) -> date:
        """The last day of it on its own clock: an end at midnight belongs to the day before."""
        return (self.ends_at - timedelta(microseconds=1)).astimezone(self.zone).date()

    @property
    def partner_names(self) -> list[str]:
        """Partners outside the network."""
        return [line.strip() for line in self.partners.splitlines() if line.strip()]


class EventCountry(models.Model):
    """A country that people came from, and how many, where that is known."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="countries", verbose_name=_("event"))
    country = CountryField(_("country"))
    people = models.PositiveIntegerField(_("people"), null=True, blank=True)
    women = models.PositiveIntegerField(_("of them women"), null=True, blank=True)

    class Meta:
        verbose_name = _("country of an event")
        verbose_name_plural = _("countries of events")
        ordering = ["country"]
        constraints = [
            models.UniqueConstraint(fields=["event", "country"], name="event_country_once"),
            models.CheckConstraint(
                condition=Q(women=None) | Q(people__isnull=False, women__lte=F("people")),
                name="event_country_women_among_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.country}"
