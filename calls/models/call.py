"""A call: what is offered to whom, from when until when."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries.fields import Country, CountryField

from calls.enums import CallKind, CallPhase, CallState
from calls.querysets import SEARCHED, CallQuerySet
from instruments.models import Instrument, Technique, Training
from portal.accounts.enums import CareerStage
from portal.accounts.models import validate_time_zone
from portal.core.files import KeptFile, private_place
from portal.core.models import Timestamped, new_token
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
    training = models.ForeignKey(
        Training,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="calls",
        verbose_name=_("training"),
        help_text=_("Whose places a training call gives: accepting an award takes one"),
    )
    countries = CountryField(
        _("countries of work"), multiple=True, blank=True, help_text=_("Where applicants work; none chosen means any")
    )
    career_stages = ArrayField(
        models.CharField(max_length=20, choices=CareerStage.choices),
        verbose_name=_("career stages"),
        default=list,
        blank=True,
        help_text=_("None chosen means any"),
    )
    years_since_phd = models.PositiveSmallIntegerField(
        _("most years since the doctorate"), null=True, blank=True, help_text=_("Counted to the year of closing")
    )
    is_for_women = models.BooleanField(_("for women only"), default=False)
    women_share = models.PositiveSmallIntegerField(
        _("share kept for women"), default=0, validators=[MaxValueValidator(100)], help_text=_("per cent")
    )
    priority_countries = CountryField(_("countries that take priority"), multiple=True, blank=True)
    priority_stages = ArrayField(
        models.CharField(max_length=20, choices=CareerStage.choices),
        verbose_name=_("career stages that take priority"),
        default=list,
        blank=True,
    )
    priority_why = models.CharField(_("why they take priority"), max_length=300, blank=True)
    minutes_offered = models.PositiveIntegerField(_("instrument time offered"), default=0, help_text=_("minutes"))
    places_offered = models.PositiveIntegerField(
        _("places offered"), default=0, help_text=_("On a training; of an equipment call, how many needs it verifies")
    )
    most_minutes = models.PositiveIntegerField(
        _("most an application may ask for"), null=True, blank=True, help_text=_("minutes")
    )
    needs_endorsement = models.BooleanField(_("a focal point must endorse"), default=True)
    is_blind = models.BooleanField(_("reviewers do not see names"), default=False)
    reviews_wanted = models.PositiveSmallIntegerField(
        _("reviews an application"), default=2, validators=[MaxValueValidator(10)]
    )
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC", validators=[validate_time_zone])
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    review_on = models.DateField(_("reviews due"), null=True, blank=True)
    use_from = models.DateField(_("use from"), null=True, blank=True)
    use_until = models.DateField(_("use until"), null=True, blank=True)
    decision_on = models.DateField(_("decision expected"), null=True, blank=True)
    contact = models.EmailField(_("contact"), blank=True)
    shows_reviews = models.BooleanField(
        _("applicants read the reviewers' words"), default=False, help_text=_("Chosen when outcomes are released")
    )
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
            models.CheckConstraint(condition=Q(opens_at__lt=F("closes_at")), name="call_opens_before_closing"),
            models.CheckConstraint(condition=Q(women_share__lte=100), name="call_shares_at_most_all"),
            models.CheckConstraint(
                condition=Q(use_from__isnull=True) | Q(use_until__isnull=True) | Q(use_from__lte=F("use_until")),
                name="call_use_begins_before_its_end",
            ),
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
    def gives_hours(self) -> bool:
        """Whether what it offers is counted in minutes; else in places or needs."""
        return self.kind == CallKind.REMOTE_ACCESS

    def is_use_over_at(self, moment: datetime) -> bool:
        """Whether nothing of it can be used any more: it is archived, or its last day of use is over on its clock."""
        if self.state == CallState.ARCHIVED:
            return True
        return self.use_until is not None and self.use_until < moment.astimezone(self.zone).date()

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
        return _by_name(self.countries)

    @property
    def priority_countries_by_name(self) -> list[Country]:
        return _by_name(self.priority_countries)

    @property
    def career_stage_names(self) -> list[str]:
        return [str(CareerStage(stage).label) for stage in self.career_stages]

    @property
    def priority_stage_names(self) -> list[str]:
        return [str(CareerStage(stage).label) for stage in self.priority_stages]

    @property
    def has_priority_rule(self) -> bool:
        return bool(self.priority_countries or self.priority_stages)

    @property
    def phase(self) -> CallPhase:
        return self.phase_at(timezone.now())


def _by_name(countries: Any) -> list[Country]:
    several = cast("Iterable[Country]", countries)  # which the stubs do not know
    return sorted(several, key=lambda country: fold(str(country.name)))


class Criterion(models.Model):
    """What reviewers score, 1 to 5, and how much it counts; the weights of a published call come to 100."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="criteria", verbose_name=_("call"))
    name = models.CharField(_("name"), max_length=80)
    hint = models.CharField(_("what to look at"), max_length=300, blank=True)
    weight = models.PositiveSmallIntegerField(
        _("weight"), validators=[MinValueValidator(1), MaxValueValidator(100)], help_text=_("per cent")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=100), name="criterion_weighs_1_to_100")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.weight} %)"


class CallDocument(KeptFile):
    """A file that goes with a call; whoever may read the call may fetch it."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="documents", verbose_name=_("call"))
    title = models.CharField(_("title"), max_length=120)
    file = models.FileField(_("file"), upload_to=private_place("calls"), max_length=200)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class LateAccess(Timestamped):
    """Leave for one applicant to apply after closing: whoever opens the link first, signed in, takes it."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="late_accesses", verbose_name=_("call"))
    address = models.EmailField(_("e-mail address"))
    token = models.CharField(max_length=43, unique=True, editable=False, default=new_token)
    until = models.DateTimeField(_("until"))
    why = models.CharField(_("reason"), max_length=300)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="late_accesses",
        verbose_name=_("taken by"),
    )

    class Meta:
        verbose_name = _("late access")
        verbose_name_plural = _("late accesses")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.address}, {self.call}"


class PanelMember(Timestamped):
    """Somebody who may be given applications of a call to review."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="panel", verbose_name=_("call"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="panels", verbose_name=_("reviewer")
    )

    class Meta:
        verbose_name = _("panel member")
        verbose_name_plural = _("panel members")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["call", "user"], name="panel_once_a_person")]

    def __str__(self) -> str:
        return f"{self.user}, {self.call}"
