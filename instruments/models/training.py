"""Trainings, those who take part, wishes to be trained, and the certificates that result."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from instruments.enums import PlaceState, TrainingResult, TrainingState, WishState
from instruments.models.instrument import Instrument, Technique
from instruments.querysets import CertificateQuerySet, TrainingPlaceQuerySet, TrainingQuerySet, TrainingWishQuerySet
from portal.accounts.models import Organisation
from portal.accounts.zones import validate_time_zone
from portal.core.models import LinkField, Timestamped, new_ref


class Training(Timestamped):
    """A course in one instrument, or in a technique; who passes holds a certificate for that.

    `certificate_months` is how long those certificates are valid; null without end.
    """

    ref = models.CharField(_("reference"), max_length=12, unique=True, default=new_ref, editable=False)
    title = models.CharField(_("title"), max_length=160)
    summary = models.TextField(_("what is taught"), max_length=2000, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="trainings", verbose_name=_("laboratory")
    )
    instrument = models.ForeignKey(
        Instrument,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="trainings",
        verbose_name=_("instrument"),
    )
    technique = models.ForeignKey(
        Technique, models.PROTECT, null=True, blank=True, related_name="trainings", verbose_name=_("technique")
    )
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    time_zone = models.CharField(_("time zone"), max_length=60, validators=[validate_time_zone])
    place = models.CharField(_("place"), max_length=160, blank=True)
    link = LinkField(_("meeting link"), blank=True, max_length=500)
    capacity = models.PositiveSmallIntegerField(_("places"))
    certificate_months = models.PositiveSmallIntegerField(
        _("certificate valid for"), null=True, blank=True, help_text=_("months; empty: without end")
    )
    state = models.CharField(_("state"), max_length=10, choices=TrainingState.choices, default=TrainingState.DRAFT)
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="TrainingPlace", related_name="trainings", verbose_name=_("participants")
    )

    objects = TrainingQuerySet.as_manager()

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="training_ends_after_its_start"),
            models.CheckConstraint(
                condition=Q(instrument__isnull=False) | Q(technique__isnull=False), name="training_teaches_something"
            ),
            models.CheckConstraint(condition=Q(capacity__gt=0), name="training_has_places"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("trainings:detail", args=[self.ref])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def teaches(self) -> Instrument | Technique | None:
        """What a certificate of it names."""
        return self.instrument or self.technique


class TrainingPlace(Timestamped):
    """A person's place on a training, and how it ended for them; `award` is the ref of the award that gave it."""

    training = models.ForeignKey(Training, models.CASCADE, related_name="places", verbose_name=_("training"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="training_places", verbose_name=_("person")
    )
    state = models.CharField(_("state"), max_length=10, choices=PlaceState.choices, default=PlaceState.REQUESTED)
    result = models.CharField(_("result"), max_length=10, choices=TrainingResult.choices, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    award = models.CharField(_("award"), max_length=12, blank=True, db_default="", editable=False)

    objects = TrainingPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place on a training")
        verbose_name_plural = _("places on trainings")
        ordering = ["created_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["training", "user"], name="training_place_once_a_person")]

    def __str__(self) -> str:
        return f"{self.user}: {self.training}"


class TrainingWish(Timestamped):
    """Somebody asks to be trained on an instrument; gathered until its operator offers a training."""

    instrument = models.ForeignKey(
        Instrument, models.CASCADE, related_name="training_wishes", verbose_name=_("instrument")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="training_wishes", verbose_name=_("person")
    )
    note = models.CharField(_("what for"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=WishState.choices, default=WishState.WAITING)

    objects = TrainingWishQuerySet.as_manager()

    class Meta:
        verbose_name = _("wish for a training")
        verbose_name_plural = _("wishes for trainings")
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "user"], condition=Q(state="waiting"), name="training_wish_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.instrument}"


class Certificate(Timestamped):
    """Says that a person may book an instrument, or all of a technique, until a day; `code` lets anybody check it.

    `name` is the person's as it was printed, so that the check page goes on saying what was handed out.
    """

    code = models.CharField(_("code"), max_length=12, unique=True, default=new_ref, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="certificates", verbose_name=_("person")
    )
    name = models.CharField(_("name on it"), max_length=150)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="certificates", verbose_name=_("given by")
    )
    instrument = models.ForeignKey(
        Instrument,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="certificates",
        verbose_name=_("instrument"),
    )
    technique = models.ForeignKey(
        Technique, models.PROTECT, null=True, blank=True, related_name="certificates", verbose_name=_("technique")
    )
    training = models.ForeignKey(
        Training, models.PROTECT, null=True, blank=True, related_name="certificates", verbose_name=_("training")
    )
    issued_on = models.DateField(_("issued on"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("issued by")
    )
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("revoked by")
    )
    revoked_why = models.CharField(_("why it was revoked"), max_length=300, blank=True)
    warned_at = models.DateTimeField(_("warned of its end"), null=True, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(instrument__isnull=False) | Q(technique__isnull=False), name="certificate_names_something"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("issued_on")),
                name="certificate_begins_before_its_end",
            ),
            models.UniqueConstraint(fields=["training", "person"], name="certificate_once_a_training"),
        ]
        indexes = [models.Index(fields=["valid_until"], name="certificate_running_out")]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("certificates:check", args=[self.code])

    @property
    def opens(self) -> Instrument | Technique | None:
        """What its holder may book."""
        return self.instrument or self.technique

    def has_ended(self, moment: datetime) -> bool:
        """Whether its last day is over everywhere on the laboratory's clock."""
        zone = ZoneInfo(self.organisation.time_zone)
        return self.valid_until is not None and moment.astimezone(zone).date() > self.valid_until
