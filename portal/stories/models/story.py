"""What remote access or a gift made possible, and who agreed to be shown in it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from bookings.models import Outcome
from calls.models import Call
from donations.models import FollowUp
from instruments.models import Instrument, Technique
from portal.accounts.models import Organisation
from portal.core.models import Timestamped
from portal.stories.enums import ConsentForm, StoryKind, StoryState
from portal.stories.models.event import Event
from portal.stories.querysets import STORY_COUNTRIES, STORY_SEARCHED, ConsentQuerySet, StoryQuerySet


class Story(Timestamped):
    """Written by staff, or sent in by somebody with an account; `outcome` or `follow_up` is what it grew from.

    `shows_people` is unanswered (null) until somebody says so; it is not published before that, nor while anybody shown
    has not agreed. `version` counts the edits of its form, so that nobody is overwritten; `edition` counts every change
    of what readers see, pictures too, so that nobody judges or agrees to what they have not seen.
    """

    slug = models.SlugField(_("address part"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=StoryKind.choices, default=StoryKind.ACCESS)
    title = models.CharField(_("title"), max_length=160)
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    body = models.TextField(_("text"), max_length=20_000, blank=True, help_text=_("Markdown"))
    byline = models.CharField(_("written by"), max_length=200, blank=True, help_text=_("As it stands under the title"))
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="stories",
        verbose_name=_("sent in by"),
    )
    calls = models.ManyToManyField(Call, blank=True, related_name="stories", verbose_name=_("calls"))
    instruments = models.ManyToManyField(Instrument, blank=True, related_name="stories", verbose_name=_("instruments"))
    techniques = models.ManyToManyField(Technique, blank=True, related_name="stories", verbose_name=_("techniques"))
    organisations = models.ManyToManyField(
        Organisation, blank=True, related_name="stories", verbose_name=_("organisations")
    )
    events = models.ManyToManyField(Event, blank=True, related_name="stories", verbose_name=_("events"))
    countries = CountryField(_("countries"), multiple=True, blank=True)
    dois = ArrayField(models.CharField(max_length=200), verbose_name=_("DOIs"), default=list, blank=True)
    shows_people = models.BooleanField(_("people can be recognised in it"), null=True, blank=True)
    outcome = models.OneToOneField(
        Outcome, models.SET_NULL, null=True, blank=True, related_name="story", verbose_name=_("grew from the report")
    )
    follow_up = models.OneToOneField(
        FollowUp,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="story",
        verbose_name=_("grew from the answer about a gift"),
    )
    state = models.CharField(_("state"), max_length=10, choices=StoryState.choices, default=StoryState.DRAFT)
    state_note = models.TextField(_("note on the state"), blank=True, max_length=1000)
    is_featured = models.BooleanField(_("on the home page"), default=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    edition = models.PositiveIntegerField(_("edition"), default=0, db_default=0, editable=False)

    objects = StoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=StoryState.PUBLISHED) | Q(published_at__isnull=False, shows_people__isnull=False),
                name="story_published_at_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-published_at"], name="story_listing"),
            GinIndex(STORY_SEARCHED["en"], name="story_search_en"),
            GinIndex(STORY_SEARCHED["fr"], name="story_search_fr"),
            GinIndex(STORY_COUNTRIES, name="story_of_countries"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("stories:detail", args=[self.slug])

    @property
    def is_public(self) -> bool:
        return self.state == StoryState.PUBLISHED


class Consent(Timestamped):
    """Somebody who can be recognised in a story agreed to it; for a minor, their guardian did.

    They agreed to what they saw: once readers see something else, `asked_again_at` says since when they are asked anew.
    """

    story = models.ForeignKey(Story, models.CASCADE, related_name="consents", verbose_name=_("story"))
    name = models.CharField(_("who is shown"), max_length=150)
    is_minor = models.BooleanField(_("under 18"), default=False)
    guardian = models.CharField(_("guardian who agreed"), max_length=150, blank=True)
    form = models.CharField(_("how it was given"), max_length=10, choices=ConsentForm.choices)
    wording = models.TextField(_("wording consented to"), max_length=2000)
    given_on = models.DateField(_("given on"), null=True, blank=True, help_text=_("Empty: not given yet"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("recorded by")
    )
    asked_again_at = models.DateTimeField(_("asked again"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("taken by")
    )

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_minor=False) | ~Q(guardian=""), name="consent_of_a_minor_by_a_guardian"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.story}"

    @property
    def is_given(self) -> bool:
        """Whether it was given and not taken back, be it to an earlier edition of the story."""
        return self.given_on is not None and self.withdrawn_at is None

    @property
    def stands(self) -> bool:
        return self.is_given and self.asked_again_at is None
