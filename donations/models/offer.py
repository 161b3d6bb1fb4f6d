"""An offer of equipment, and what staff ask before it goes on."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

from donations.enums import PUBLIC_OFFERS, WRITABLE, Answer, Condition, Giving, OfferState, Payer
from donations.models.thing import MOST_PIECES, Thing
from donations.querysets import OFFER_SEARCHED, OfferQuerySet
from portal.accounts.models import Organisation
from portal.core.files import KeptFile, private_place
from portal.core.models import Timestamped


class Batch(Timestamped):
    """A file of many offers at once, kept from the trial reading until its owner says yes; then each row is a draft."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="offer_batches", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    name = models.CharField(_("file name"), max_length=120)
    content = models.TextField(_("content"), help_text=_("CSV as it was sent, in UTF-8"))
    rows = models.PositiveSmallIntegerField(_("rows"), default=0)
    faulty = models.PositiveSmallIntegerField(_("rows with faults"), default=0)
    done_at = models.DateTimeField(_("taken over"), null=True, blank=True)

    class Meta:
        verbose_name = _("file of offers")
        verbose_name_plural = _("files of offers")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name


class Offer(Thing):
    """What somebody would give or lend. Lengths in centimetres, weights in kilograms of one piece, money in euros."""

    donor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="offers", verbose_name=_("donor"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="offers", verbose_name=_("organisation")
    )
    batch = models.ForeignKey(Batch, models.SET_NULL, null=True, blank=True, related_name="offers")
    passed_on_from = models.ForeignKey(
        "donations.Match", models.SET_NULL, null=True, blank=True, related_name="passed_on_as",
        verbose_name=_("passed on from"), help_text=_("The gift that a laboratory gives to somebody else"),
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=12, choices=OfferState.choices, default=OfferState.DRAFT)
    quantity_lost = models.PositiveSmallIntegerField(
        _("lost"), default=0, editable=False, help_text=_("Pieces that went on their way and are no more")
    )
    maker = models.CharField(_("maker"), max_length=120, blank=True)
    model = models.CharField(_("model"), max_length=120, blank=True)
    serials = models.TextField(_("serial numbers"), blank=True, max_length=2000)
    year = models.PositiveSmallIntegerField(_("year of make"), null=True, blank=True)
    condition = models.CharField(_("condition"), max_length=8, choices=Condition.choices, blank=True)
    last_used_on = models.DateField(_("last used on"), null=True, blank=True)
    faults = models.TextField(_("known faults"), blank=True, max_length=1000)
    description = models.TextField(_("description"), blank=True, max_length=3000)
    tested_on = models.DateField(_("functional test on"), null=True, blank=True)
    test_method = models.CharField(_("how it was tested"), max_length=300, blank=True)
    decontaminated = models.CharField(_("decontaminated"), max_length=10, choices=Answer.choices, blank=True)
    decontaminated_how = models.CharField(_("how it was decontaminated"), max_length=300, blank=True)
    data_wiped = models.CharField(_("data wiped"), max_length=10, choices=Answer.choices, blank=True)
    needs_mains = models.BooleanField(_("it is plugged in"), default=True)
    voltage_low = models.PositiveSmallIntegerField(_("lowest voltage"), null=True, blank=True)
    voltage_high = models.PositiveSmallIntegerField(_("highest voltage"), null=True, blank=True)
    frequencies = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("frequencies"), default=list, blank=True
    )
    plug = models.CharField(_("plug type"), max_length=1, blank=True)
    power_watts = models.PositiveIntegerField(_("power"), null=True, blank=True, help_text=_("watts"))
    weight_kg = models.DecimalField(_("weight"), max_digits=7, decimal_places=2, null=True, blank=True)
    length_cm = models.PositiveSmallIntegerField(pgettext_lazy("size", "length"), null=True, blank=True)
    width_cm = models.PositiveSmallIntegerField(_("width"), null=True, blank=True)
    height_cm = models.PositiveSmallIntegerField(_("height"), null=True, blank=True)
    consumables = models.CharField(_("consumables"), max_length=300, blank=True)
    spares = models.CharField(_("spare parts"), max_length=300, blank=True)
    has_manuals = models.BooleanField(_("manuals come with it"), default=False)
    manual_languages = ArrayField(
        models.CharField(max_length=10), verbose_name=_("languages of the manuals"), default=list, blank=True
    )
    software = models.CharField(_("software and its licence"), max_length=300, blank=True)
    value_eur = models.PositiveIntegerField(_("worth today"), null=True, blank=True)
    running_eur = models.PositiveIntegerField(_("running cost a year"), null=True, blank=True)
    country = CountryField(_("country"), blank=True)
    city = models.CharField(_("town"), max_length=100, blank=True)
    pick_up = models.TextField(_("where it is fetched"), blank=True, max_length=600)
    available_from = models.DateField(_("available from"), null=True, blank=True)
    available_until = models.DateField(_("available until"), null=True, blank=True)
    giving = models.CharField(_("gift or loan"), max_length=4, choices=Giving.choices, default=Giving.GIFT)
    loan_months = models.PositiveSmallIntegerField(_("months of the loan"), null=True, blank=True)
    gives_training = models.BooleanField(_("training is offered"), default=False)
    training_words = models.CharField(_("about the training"), max_length=300, blank=True)
    freight = models.CharField(_("who pays the freight"), max_length=9, choices=Payer.choices, default=Payer.OPEN)
    countries = ArrayField(
        models.CharField(max_length=2),
        verbose_name=_("only to these countries"),
        default=list,
        blank=True,
        help_text=_("Empty: to any"),
    )
    is_owner = models.BooleanField(_("the donor may give it away"), default=False)
    needs_clearance = models.BooleanField(_("export clearance is asked for"), default=False)
    export_class = models.CharField(_("export classification"), max_length=60, blank=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cleared by")
    )
    cleared_on = models.DateField(_("cleared on"), null=True, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer of equipment")
        verbose_name_plural = _("offers of equipment")
        ordering = ["-public_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=MOST_PIECES), name="offer_of_a_number_in_reach"
            ),
            models.CheckConstraint(
                condition=Q(quantity_matched__lte=F("quantity") - F("quantity_lost")), name="offer_never_given_twice"
            ),
            models.CheckConstraint(
                condition=Q(cleared_by=None, cleared_on=None) | Q(cleared_by__isnull=False, cleared_on__isnull=False),
                name="offer_cleared_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(voltage_low=None) | Q(voltage_high=None) | Q(voltage_low__lte=F("voltage_high")),
                name="offer_voltages_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(giving="loan") | ~Q(state="vetted") | Q(loan_months__gte=1),
                name="offer_of_a_loan_has_an_end",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "category", "public_at"], name="offer_public"),
            models.Index(fields=["donor", "state"], name="offer_of_a_donor"),
            models.Index(fields=["expires_on"], name="offer_expiring", condition=Q(state="vetted")),
            GinIndex(OFFER_SEARCHED["en"], name="offer_search_en"),
            GinIndex(OFFER_SEARCHED["fr"], name="offer_search_fr"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("offers:detail", args=[self.ref])

    @property
    def left(self) -> int:
        """How many pieces no match holds and none has lost."""
        return max(0, self.quantity - self.quantity_matched - self.quantity_lost)

    @property
    def is_public(self) -> bool:
        return self.state in PUBLIC_OFFERS

    @property
    def is_writable(self) -> bool:
        return self.state in WRITABLE

    @property
    def is_cleared(self) -> bool:
        """Whether nothing of export control stands in the way."""
        return not self.needs_clearance or self.cleared_on is not None


class OfferFeature(models.Model):
    """What can be compared: a key of `donations.features`, with its value in that feature's unit, or just there."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="features", verbose_name=_("offer of equipment"))
    feature = models.CharField(_("feature"), max_length=40)
    value = models.DecimalField(_("value"), max_digits=12, decimal_places=3, null=True, blank=True)

    class Meta:
        verbose_name = _("feature of an offer")
        verbose_name_plural = _("features of an offer")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["offer", "feature"], name="feature_once_an_offer")]

    def __str__(self) -> str:
        return self.feature


class OfferPaper(KeptFile):
    """A file that speaks for an offer: the certificate of its test, of its decontamination, a manual's first pages."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="papers", verbose_name=_("offer of equipment"))
    title = models.CharField(_("title"), max_length=120)
    file = models.FileField(_("file"), upload_to=private_place("offers"), max_length=200)

    class Meta:
        verbose_name = _("paper of an offer")
        verbose_name_plural = _("papers of an offer")
        ordering = ["pk"]
