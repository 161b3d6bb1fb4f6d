"""An application to a call, with its people, samples, files and endorsement."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from calls.enums import ApplicationState, Decision, Hazard, PublicState, ReviewState, SampleForm, TeamRole
from calls.models.call import Call
from calls.querysets import ApplicationQuerySet, AttachmentQuerySet
from instruments.models import Instrument
from portal.accounts.enums import CareerStage
from portal.accounts.models import Organisation
from portal.core.files import KeptFile, private_place
from portal.core.models import Timestamped, new_ref, new_token


class Application(Timestamped):
    """`steps` is what became of each step of the form: name -> {"version": int, "done": bool, "by": pk, "at": ISO}.

    Country, career stage and years since the doctorate are copied from the profile when it is submitted, so that
    figures stay what they were. What is decided stays unseen by its people until the release.
    """

    ref = models.CharField(_("reference"), max_length=12, unique=True, default=new_ref, editable=False)
    receipt = models.CharField(_("receipt number"), max_length=20, unique=True, null=True, blank=True, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="applications", verbose_name=_("call"))
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="applications", verbose_name=_("applicant")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("organisation"),
    )
    instrument = models.ForeignKey(
        Instrument, models.PROTECT, null=True, blank=True, related_name="applications", verbose_name=_("instrument")
    )
    title = models.CharField(_("title"), max_length=160, blank=True)
    question = models.TextField(_("question"), max_length=6000, blank=True)
    why_instrument = models.TextField(_("why this instrument"), max_length=3000, blank=True)
    minutes_requested = models.PositiveIntegerField(_("time asked for"), default=0, help_text=_("minutes"))
    team_words = models.TextField(_("the team and what each does"), max_length=3000, blank=True)
    plan = models.TextField(_("plan for the results"), max_length=3000, blank=True)
    has_samples = models.BooleanField(_("sends samples"), null=True, blank=True)
    safety_words = models.TextField(_("how the samples are handled safely"), max_length=3000, blank=True)
    language = models.CharField(_("language it is written in"), max_length=10, choices=settings.LANGUAGES, default="en")
    steps = models.JSONField(_("steps"), default=dict, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=ApplicationState.choices, default=ApplicationState.DRAFT
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    country = models.CharField(_("country of work"), max_length=2, blank=True)
    career_stage = models.CharField(_("career stage"), max_length=20, choices=CareerStage.choices, blank=True)
    years_since_phd = models.PositiveSmallIntegerField(_("years since the doctorate"), null=True, blank=True)
    return_note = models.TextField(_("what to change"), blank=True)
    answer_by = models.DateTimeField(_("to be answered by"), null=True, blank=True)
    decision = models.CharField(_("outcome"), max_length=8, choices=Decision.choices, blank=True)
    rank = models.PositiveIntegerField(_("rank"), null=True, blank=True)
    minutes_decided = models.PositiveIntegerField(_("time given"), null=True, blank=True, help_text=_("minutes"))
    decision_note = models.TextField(_("words to the applicant"), max_length=2000, blank=True)
    released_at = models.DateTimeField(_("released"), null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "applicant"],
                condition=~Q(state__in=["withdrawn", "lapsed"]),
                name="application_once_a_call",
            ),
            models.CheckConstraint(
                condition=Q(receipt__isnull=True, submitted_at__isnull=True)
                | Q(receipt__isnull=False, submitted_at__isnull=False),
                name="application_submitted_has_its_receipt",
            ),
            models.CheckConstraint(
                condition=~Q(state="prepared") | ~Q(decision=""), name="application_prepared_has_outcome"
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | Q(answer_by__isnull=False), name="application_returned_by_a_date"
            ),
        ]
        indexes = [
            models.Index(fields=["call", "state", "rank"], name="application_board"),
            models.Index(fields=["organisation", "state"], name="application_of_organisation"),
            models.Index(fields=["instrument", "state"], name="application_of_instrument"),
            models.Index(fields=["answer_by"], name="application_returned", condition=Q(state="returned")),
        ]

    def __str__(self) -> str:
        return f"{self.title or self.call} ({self.ref})"

    def get_absolute_url(self) -> str:
        return reverse("applications:detail", args=[self.ref])

    @property
    def is_draft(self) -> bool:
        return self.state == ApplicationState.DRAFT

    @property
    def is_with_applicant(self) -> bool:
        """Whether its people may still write in it."""
        return self.state in (ApplicationState.DRAFT, ApplicationState.RETURNED)

    @property
    def public_state(self) -> ApplicationState | PublicState:
        """What its people are told: whatever is prepared stays unseen until the release."""
        if self.state in (ApplicationState.FEASIBILITY, ApplicationState.REVIEW, ApplicationState.PREPARED):
            return PublicState.JUDGED
        return ApplicationState(self.state)

    @property
    def words_of_reviewers(self) -> list[str]:
        """What reviewers wrote to the applicant, if staff chose at the release that it is read."""
        if self.released_at is None or not self.call.shows_reviews:
            return []
        written = self.reviews.filter(state=ReviewState.SUBMITTED).exclude(to_applicant="")
        return list(written.order_by("pk").values_list("to_applicant", flat=True))

    def version_of(self, step: str) -> int:
        """How often a step was saved; what somebody edits carries it, so that nobody is overwritten."""
        return int(self.steps.get(step, {}).get("version", 0))

    def is_done(self, step: str) -> bool:
        return bool(self.steps.get(step, {}).get("done"))

    def noted(self, step: str, **what: Any) -> dict[str, Any]:
        """Return `steps` with `what` written down about one step."""
        return self.steps | {step: self.steps.get(step, {}) | what}


class TeamMember(Timestamped):
    """A co-applicant, invited by mail; takes part once somebody signed in accepts with the mail's link."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="team", verbose_name=_("application"))
    address = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=4, choices=TeamRole.choices, default=TeamRole.VIEW)
    token = models.CharField(max_length=43, unique=True, editable=False, default=new_token)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="team_memberships",
        verbose_name=_("person"),
    )
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)

    class Meta:
        verbose_name = _("co-applicant")
        verbose_name_plural = _("co-applicants")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("application", Lower("address"), name="team_once_an_address"),
            models.UniqueConstraint(
                fields=["application", "user"], condition=Q(user__isnull=False), name="team_once_a_person"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=True, accepted_at__isnull=True)
                | Q(user__isnull=False, accepted_at__isnull=False),
                name="team_accepted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.address


class Endorsement(Timestamped):
    """The focal point's word for an application; asked for when the row is made, answered once."""

    application = models.OneToOneField(
        Application, models.CASCADE, related_name="endorsement", verbose_name=_("application")
    )
    is_given = models.BooleanField(_("endorsed"), null=True, blank=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("when"), null=True, blank=True)

    class Meta:
        verbose_name = _("endorsement")
        verbose_name_plural = _("endorsements")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_given__isnull=True, at__isnull=True) | Q(is_given__isnull=False, at__isnull=False),
                name="endorsement_answered_at_a_moment",
            )
        ]

    def __str__(self) -> str:
        return str(self.application)


class ApplicationSample(models.Model):
    """What would be measured, as the applicant declares it."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="samples", verbose_name=_("application"))
    label = models.CharField(_("label"), max_length=60)
    composition = models.CharField(_("composition"), max_length=200)
    form = models.CharField(_("form"), max_length=8, choices=SampleForm.choices)
    quantity = models.CharField(_("number and size"), max_length=100, blank=True)
    hazards = ArrayField(
        models.CharField(max_length=12, choices=Hazard.choices), verbose_name=_("hazards"), default=list, blank=True
    )
    hazard_words = models.CharField(_("about the hazards"), max_length=300, blank=True)
    is_return_wanted = models.BooleanField(_("wanted back"), default=False)

    class Meta:
        verbose_name = _("sample")
        verbose_name_plural = _("samples")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def hazard_names(self) -> list[str]:
        return [str(Hazard(hazard).label) for hazard in self.hazards]


class Attachment(KeptFile):
    """A PDF or picture that goes with an application; private to those who may read it."""

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="attachments", verbose_name=_("application")
    )
    file = models.FileField(_("file"), upload_to=private_place("applications"), max_length=200)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("uploaded by"),
    )

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["application", "sha256"], name="attachment_once_a_content")]

    @property
    def blind_name(self) -> str:
        """`Attachment 2.pdf`, by its place in the list: what those read who must not know whose it is."""
        earlier = Attachment.objects.filter(application=self.application_id, pk__lte=self.pk)
        number = gettext("Attachment %(number)d") % {"number": earlier.count()}
        return f"{number}.{self.name.rpartition('.')[2]}"
