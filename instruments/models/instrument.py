"""Techniques, and the instruments that laboratories open, with their units."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from instruments.enums import FINAL, AccessMode, InstrumentState
from instruments.querysets import SEARCHED, InstrumentQuerySet, TechniqueQuerySet
from portal.accounts.models import Organisation
from portal.accounts.zones import validate_time_zone
from portal.core.models import LinkField, Timestamped


class Technique(models.Model):
    """A node of the tree of techniques; `path` is the slugs from the root, `diffraction/powder-x-ray`."""

    slug = models.SlugField(_("address part"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    summary = models.TextField(_("summary"), blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("belongs to")
    )
    path = models.CharField(_("path"), max_length=200, unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = TechniqueQuerySet.as_manager()

    class Meta:
        verbose_name = _("technique")
        verbose_name_plural = _("techniques")
        ordering = ["position", "path"]

    def __str__(self) -> str:
        return self.name


class EquipmentCategory(models.Model):
    """A sort of laboratory equipment, as needs and gifts name it."""

    slug = models.SlugField(_("address part"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("equipment category")
        verbose_name_plural = _("equipment categories")
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.name


class Instrument(Timestamped):
    """What people choose and book; the portal picks one of its units."""

    slug = models.SlugField(_("address part"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=160)
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    description = models.TextField(_("description"), blank=True, help_text=_("Markdown"))
    sample_requirements = models.TextField(
        _("samples it takes"), blank=True, help_text=_("Form, size, hazards refused")
    )
    ship_to = models.TextField(
        _("where samples are sent"),
        blank=True,
        max_length=1000,
        db_default="",
        help_text=_("The address as it stands on a parcel, whom to call, what customs ask for"),
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="instruments", verbose_name=_("host laboratory")
    )
    techniques = models.ManyToManyField(Technique, related_name="instruments", verbose_name=_("techniques"))
    maker = models.CharField(_("maker"), max_length=100, blank=True)
    model = models.CharField(_("model"), max_length=100, blank=True)
    specifications = models.TextField(
        _("specifications"), blank=True, help_text=_("One a line, such as “Resolution: 1.2 nm”")
    )
    pidinst = models.CharField(_("PIDINST identifier"), max_length=120, blank=True)
    place = models.CharField(_("place"), max_length=100)
    time_zone = models.CharField(_("time zone"), max_length=60, validators=[validate_time_zone])
    access_mode = models.CharField(
        _("access"), max_length=16, choices=AccessMode.choices, default=AccessMode.REMOTE_CONTROL
    )
    link = LinkField(
        _("laboratory's link"),
        blank=True,
        max_length=500,
        help_text=_("Meeting or remote-desktop address; shown to participants only, and only while a session is live"),
    )
    state = models.CharField(_("state"), max_length=10, choices=InstrumentState.choices, default=InstrumentState.DRAFT)
    state_note = models.TextField(
        _("note on the state"), blank=True, help_text=_("Why it is suspended, what is missing, why it was refused")
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="instruments_proposed",
        verbose_name=_("proposed by"),
    )
    proposal = models.TextField(
        _("what the laboratory offers"),
        blank=True,
        max_length=3000,
        db_default="",
        help_text=_("Hours a month, when, who is at the instrument, what it needs; staff and the laboratory read it"),
    )

    objects = InstrumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["state"], name="instrument_listing"),
            GinIndex(SEARCHED["en"], name="instrument_search_en"),
            GinIndex(SEARCHED["fr"], name="instrument_search_fr"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("instruments:detail", args=[self.slug])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def is_listed(self) -> bool:
        return self.state == InstrumentState.LISTED

    @property
    def is_suspended(self) -> bool:
        return self.state == InstrumentState.SUSPENDED

    @property
    def is_final(self) -> bool:
        """Refused or retired: nothing of it changes any more."""
        return self.state in FINAL


class Unit(models.Model):
    """One bookable piece: a diffractometer has one, a computing platform ten."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="units", verbose_name=_("instrument"))
    name = models.CharField(_("name"), max_length=60)
    is_active = models.BooleanField(_("in service"), default=True)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["instrument", "name"], name="unit_name_once_an_instrument")]

    def __str__(self) -> str:
        return f"{self.instrument} - {self.name}"
