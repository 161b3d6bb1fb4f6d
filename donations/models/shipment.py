"""Parcels on their way from a donor to a laboratory."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from donations.enums import UNDER_WAY, EventSource, Incoterm, Payer, ShipmentState
from donations.models.match import Match
from donations.models.pledge import Pledge
from donations.querysets import ShipmentQuerySet
from portal.accounts.models import Organisation
from portal.core.models import Timestamped, new_ref


class Shipment(Timestamped):
    """From one donor to one organisation: what its matches give, in parcels. Money in euros."""

    ref = models.CharField(_("reference"), max_length=12, unique=True, default=new_ref, editable=False)
    donor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="shipments", verbose_name=_("donor")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="shipments", verbose_name=_("receiving organisation")
    )
    matches = models.ManyToManyField(
        Match, through="ShipmentMatch", related_name="shipments", verbose_name=_("matches")
    )
    state = models.CharField(_("state"), max_length=10, choices=ShipmentState.choices, default=ShipmentState.DRAFT)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("prepared by")
    )
    pick_up = models.TextField(_("where it is fetched"), blank=True, max_length=600)
    deliver_to = models.TextField(_("delivery address"), blank=True, max_length=600)
    incoterm = models.CharField(_("Incoterm"), max_length=3, choices=Incoterm.choices, blank=True)
    incoterm_place = models.CharField(_("place of the Incoterm"), max_length=100, blank=True)
    hs_code = models.CharField(_("HS code"), max_length=12, blank=True)
    dangerous = models.CharField(_("dangerous goods"), max_length=200, blank=True, help_text=_("Empty: none"))
    payer = models.CharField(_("who pays the freight"), max_length=9, choices=Payer.choices, default=Payer.OPEN)
    pledge = models.ForeignKey(
        Pledge, models.PROTECT, null=True, blank=True, related_name="shipments", verbose_name=_("paid from the pledge")
    )
    cost_eur = models.PositiveIntegerField(_("freight"), null=True, blank=True)
    customs_payer = models.CharField(_("who pays customs"), max_length=9, choices=Payer.choices, default=Payer.OPEN)
    carrier = models.CharField(_("carrier"), max_length=100, blank=True)
    tracking = models.CharField(_("tracking number"), max_length=100, blank=True)
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    expected_on = models.DateField(_("expected on"), null=True, blank=True)
    received_on = models.DateField(_("received on"), null=True, blank=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("received by")
    )
    receipt_words = models.TextField(_("what came, and in which condition"), blank=True, max_length=2000)
    trouble = models.TextField(_("what went wrong"), blank=True, max_length=1000)

    objects = ShipmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(payer="pledge") | Q(pledge__isnull=False) | Q(state__in=["draft", "quoted", "abandoned"]),
                name="shipment_paid_from_a_pledge_names_it",
            ),
            models.CheckConstraint(
                condition=Q(received_on=None) | Q(sent_on=None) | Q(sent_on__lte=models.F("received_on")),
                name="shipment_received_after_it_was_sent",
            ),
        ]
        indexes = [models.Index(fields=["state", "updated_at"], name="shipment_by_state")]

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return reverse("shipments:detail", args=[self.ref])

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY


class ShipmentMatch(models.Model):
    """A match's place in a shipment; open until the shipment delivered it or gave it up."""

    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="places")
    match = models.ForeignKey(Match, models.PROTECT, related_name="places")
    is_open = models.BooleanField(_("still to be delivered"), default=True)

    class Meta:
        verbose_name = _("match in a shipment")
        verbose_name_plural = _("matches in a shipment")
        constraints = [
            models.UniqueConstraint(fields=["shipment", "match"], name="match_once_a_shipment"),
            models.UniqueConstraint(fields=["match"], condition=Q(is_open=True), name="match_in_one_open_shipment"),
        ]

    def __str__(self) -> str:
        return f"{self.shipment_id}/{self.match_id}"


class Parcel(models.Model):
    """Lengths in centimetres, weight in kilograms, packed."""

    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="parcels", verbose_name=_("shipment"))
    number = models.PositiveSmallIntegerField(_("number"))
    packing = models.CharField(_("packing"), max_length=60, blank=True)
    weight_kg = models.DecimalField(_("weight"), max_digits=7, decimal_places=2)
    length_cm = models.PositiveSmallIntegerField(pgettext_lazy("size", "length"))
    width_cm = models.PositiveSmallIntegerField(_("width"))
    height_cm = models.PositiveSmallIntegerField(_("height"))

    class Meta:
        verbose_name = _("parcel")
        verbose_name_plural = _("parcels")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["shipment", "number"], name="parcel_once_a_number")]

    def __str__(self) -> str:
        return str(self.number)


class ParcelLine(models.Model):
    """So many pieces of a match in a parcel."""

    parcel = models.ForeignKey(Parcel, models.CASCADE, related_name="lines", verbose_name=_("parcel"))
    match = models.ForeignKey(Match, models.PROTECT, related_name="parcel_lines", verbose_name=_("match"))
    quantity = models.PositiveSmallIntegerField(_("how many"))

    class Meta:
        verbose_name = _("line of a parcel")
        verbose_name_plural = _("lines of a parcel")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["parcel", "match"], name="parcel_line_once_a_match"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="parcel_line_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.match_id}"


class Quotation(Timestamped):
    """What a carrier asks for."""

    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="quotations", verbose_name=_("shipment"))
    carrier = models.CharField(_("carrier"), max_length=100)
    amount_eur = models.PositiveIntegerField(_("price"), help_text=_("euros"))
    days = models.PositiveSmallIntegerField(_("days on the way"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    is_chosen = models.BooleanField(_("chosen"), default=False)

    class Meta:
        verbose_name = _("quotation")
        verbose_name_plural = _("quotations")
        ordering = ["amount_eur", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["shipment"], condition=Q(is_chosen=True), name="quotation_chosen_once_a_shipment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.carrier}: {self.amount_eur} EUR"


class TrackingEvent(Timestamped):
    """Where the parcels were seen, typed in or read from a carrier's file; the same line counts once."""

    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="events", verbose_name=_("shipment"))
    at = models.DateTimeField(_("when"))
    place = models.CharField(_("place"), max_length=120, blank=True)
    words = models.CharField(_("what happened"), max_length=300)
    source = models.CharField(_("source"), max_length=4, choices=EventSource.choices, default=EventSource.HAND)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("tracking event")
        verbose_name_plural = _("tracking events")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["shipment", "at", "words"], name="tracking_event_once"),
        ]

    def __str__(self) -> str:
        return self.words
