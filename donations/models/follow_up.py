"""Is a gift in use? Asked three, six and twelve months after it came."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from donations.enums import USED, FollowUpState, Help, InUse
from donations.models.match import Match
from donations.querysets import FollowUpQuerySet
from portal.core.models import Timestamped, new_token


class FollowUp(Timestamped):
    """`token` opens the questions without a sign-in; it works for one answer."""

    match = models.ForeignKey(Match, models.PROTECT, related_name="follow_ups", verbose_name=_("match"))
    months = models.PositiveSmallIntegerField(_("months after it came"))
    due_on = models.DateField(_("asked on"))
    token = models.CharField(max_length=43, unique=True, editable=False, default=new_token)
    state = models.CharField(_("state"), max_length=10, choices=FollowUpState.choices, default=FollowUpState.DUE)
    asked_at = models.DateTimeField(_("asked"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    in_use = models.CharField(_("in use"), max_length=9, choices=InUse.choices, blank=True)
    people = models.PositiveIntegerField(_("people who used it"), null=True, blank=True)
    women = models.PositiveIntegerField(_("of them women"), null=True, blank=True)
    words = models.TextField(_("what it made possible, or what is in the way"), blank=True, max_length=2000)
    help = models.CharField(_("what would help"), max_length=8, choices=Help.choices, blank=True)
    may_become_story = models.BooleanField(_("may become a story"), default=False)
    consent = models.TextField(_("wording consented to"), blank=True)
    helped_at = models.DateTimeField(_("help arranged"), null=True, blank=True)
    helped_words = models.CharField(_("how it was helped"), max_length=500, blank=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["match", "months"], name="follow_up_once_a_month"),
            models.CheckConstraint(
                condition=~Q(state="answered") | (Q(answered_at__isnull=False) & ~Q(in_use="")),
                name="follow_up_answered_says_so",
            ),
            models.CheckConstraint(
                condition=Q(women=None) | Q(people__isnull=False, women__lte=F("people")),
                name="follow_up_women_among_people",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], name="follow_up_due", condition=Q(state="due"))]

    def __str__(self) -> str:
        return f"{self.match_id}, {self.months}"

    def get_absolute_url(self) -> str:
        return reverse("follow_ups:answer", args=[self.token])

    @property
    def is_used(self) -> bool:
        return self.in_use in USED
