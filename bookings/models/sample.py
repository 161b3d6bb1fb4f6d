"""Samples on their way to an instrument and back."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bookings.enums import AT_THE_LABORATORY, SampleState
from bookings.models.booking import Booking
from bookings.querysets import SampleQuerySet
from calls.enums import Hazard, SampleForm
from calls.models import Award
from instruments.models import Instrument
from portal.core.models import Timestamped, new_ref


class Sample(Timestamped):
    """A sample of an award, for one of its bookings where that is known yet."""

    ref = models.CharField(_("reference"), max_length=12, unique=True, default=new_ref, editable=False)
    award = models.ForeignKey(Award, models.PROTECT, related_name="samples", verbose_name=_("award"))
    booking = models.ForeignKey(
        Booking, models.SET_NULL, null=True, blank=True, related_name="samples", verbose_name=_("booking")
    )
    label = models.CharField(_("label"), max_length=60)
    composition = models.CharField(_("composition"), max_length=200)
    form = models.CharField(_("form"), max_length=8, choices=SampleForm.choices)
    quantity = models.CharField(_("number and size"), max_length=100, blank=True)
    hazards = ArrayField(
        models.CharField(max_length=12, choices=Hazard.choices), verbose_name=_("hazards"), default=list, blank=True
    )
    hazard_words = models.CharField(_("about the hazards"), max_length=300, blank=True)
    is_return_wanted = models.BooleanField(_("wanted back"), default=False)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="samples_declared", verbose_name=_("declared by")
    )
    state = models.CharField(_("state"), max_length=10, choices=SampleState.choices, default=SampleState.DECLARED)
    carrier = models.CharField(_("carrier"), max_length=100, blank=True)
    tracking = models.CharField(_("tracking number"), max_length=100, blank=True)
    expected_on = models.DateField(_("expected on"), null=True, blank=True)
    received_at = models.DateTimeField(_("received"), null=True, blank=True)

    objects = SampleQuerySet.as_manager()

    class Meta:
        verbose_name = _("sample")
        verbose_name_plural = _("samples")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["award", "state"], name="sample_of_an_award")]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("samples:detail", args=[self.ref])

    @property
    def instrument(self) -> Instrument:
        """Where it is measured."""
        return self.award.hours_on

    @property
    def is_at_the_laboratory(self) -> bool:
        return self.state in AT_THE_LABORATORY

    @property
    def hazard_names(self) -> list[str]:
        return [str(Hazard(hazard).label) for hazard in self.hazards]
