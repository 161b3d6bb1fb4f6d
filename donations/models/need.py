"""A need for equipment: it comes first."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from calls.models import Award
from donations.enums import PUBLIC_NEEDS, WRITABLE, Customs, NeedState, Purpose
from donations.models.thing import MOST_PIECES, Thing
from donations.querysets import NEED_SEARCHED, NeedQuerySet
from portal.accounts.models import Organisation


class Need(Thing):
    """What a laboratory lacks. Lengths in centimetres, weights in kilograms, money in euros a year."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="needs", verbose_name=_("organisation"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="needs", verbose_name=_("asked by")
    )
    award = models.ForeignKey(
        Award, models.PROTECT, null=True, blank=True, related_name="needs", verbose_name=_("award of a call")
    )
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="copies")
    state = models.CharField(_("state"), max_length=10, choices=NeedState.choices, default=NeedState.DRAFT)
    why = models.TextField(_("what it is for"), blank=True, max_length=3000)
    purpose = models.CharField(_("used for"), max_length=8, choices=Purpose.choices, blank=True)
    people = models.PositiveIntegerField(_("people who would use it in a year"), null=True, blank=True)
    women = models.PositiveIntegerField(_("of them women"), null=True, blank=True)
    must_words = models.TextField(_("it must"), blank=True, max_length=1000)
    nice_words = models.TextField(_("it would be good if it"), blank=True, max_length=1000)
    accepts_used = models.BooleanField(_("used equipment is welcome"), default=True)
    accepts_loan = models.BooleanField(_("a loan is welcome"), default=True)
    wants_training = models.BooleanField(_("training is needed"), default=False)
    voltage = models.PositiveSmallIntegerField(_("voltage"), null=True, blank=True, help_text=_("volts"))
    frequency = models.PositiveSmallIntegerField(_("frequency"), null=True, blank=True, help_text=_("hertz"))
    plugs = ArrayField(models.CharField(max_length=1), verbose_name=_("plug types"), default=list, blank=True)
    has_transformer = models.BooleanField(_("there is a transformer for other voltages"), default=False)
    power_words = models.CharField(_("about the power supply"), max_length=300, blank=True)
    room_words = models.CharField(_("where it would stand"), max_length=300, blank=True)
    door_width_cm = models.PositiveSmallIntegerField(_("narrowest door, width"), null=True, blank=True)
    door_height_cm = models.PositiveSmallIntegerField(_("lowest door, height"), null=True, blank=True)
    most_kg = models.PositiveIntegerField(_("heaviest weight the floor or lift takes"), null=True, blank=True)
    run_by = models.CharField(_("who will run it"), max_length=300, blank=True)
    maintained_by = models.CharField(_("who will maintain it"), max_length=300, blank=True)
    budget_eur = models.PositiveIntegerField(_("budget for running it, a year"), null=True, blank=True)
    customs = models.CharField(_("customs"), max_length=8, choices=Customs.choices, default=Customs.UNKNOWN)
    customs_contact = models.CharField(_("contact for customs"), max_length=300, blank=True)
    deliver_to = models.TextField(_("delivery address"), blank=True, max_length=600)
    end_user = models.CharField(_("end user"), max_length=300, blank=True)

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        ordering = ["-public_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=MOST_PIECES), name="need_of_a_number_in_reach"
            ),
            models.CheckConstraint(condition=Q(quantity_matched__lte=F("quantity")), name="need_never_overserved"),
            models.CheckConstraint(
                condition=Q(women=None) | Q(people__isnull=False, women__lte=F("people")),
                name="need_women_among_people",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "category", "public_at"], name="need_public"),
            models.Index(fields=["organisation", "state"], name="need_of_an_organisation"),
            models.Index(fields=["expires_on"], name="need_expiring", condition=Q(state="open")),
            GinIndex(NEED_SEARCHED["en"], name="need_search_en"),
            GinIndex(NEED_SEARCHED["fr"], name="need_search_fr"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("needs:detail", args=[self.ref])

    @property
    def is_public(self) -> bool:
        return self.state in PUBLIC_NEEDS

    @property
    def is_writable(self) -> bool:
        return self.state in WRITABLE


class Requirement(models.Model):
    """What can be compared: `feature` is a key of `donations.features`; `least` and `most` are in its unit.

    A feature that is there or not is asked for with neither. What is not a must is good to have.
    """

    need = models.ForeignKey(Need, models.CASCADE, related_name="requirements", verbose_name=_("need"))
    feature = models.CharField(_("feature"), max_length=40)
    least = models.DecimalField(_("at least"), max_digits=12, decimal_places=3, null=True, blank=True)
    most = models.DecimalField(_("at most"), max_digits=12, decimal_places=3, null=True, blank=True)
    is_must = models.BooleanField(_("a must"), default=True)

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["need", "feature"], name="requirement_once_a_need"),
            models.CheckConstraint(
                condition=Q(least=None) | Q(most=None) | Q(least__lte=F("most")), name="requirement_can_be_met"
            ),
        ]

    def __str__(self) -> str:
        return self.feature
