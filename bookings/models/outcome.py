"""What came of an award."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bookings.querysets import OutcomeQuerySet
from calls.models import Award
from portal.core.models import LinkField, Timestamped


class Outcome(Timestamped):
    """What came of an award, told once by its holder: the programme's figures are sums of these.

    `story_consent` keeps the very words under which the holder offered it as a story.
    """

    award = models.OneToOneField(Award, models.PROTECT, related_name="outcome", verbose_name=_("award"))
    summary = models.TextField(_("what came of it"), max_length=4000)
    structures_solved = models.PositiveIntegerField(_("structures solved"), default=0)
    dois = ArrayField(models.CharField(max_length=200), verbose_name=_("DOIs"), default=list, blank=True)
    theses = models.PositiveIntegerField(_("theses"), default=0)
    people_trained = models.PositiveIntegerField(_("people trained"), default=0)
    women_trained = models.PositiveIntegerField(_("women among them"), default=0)
    data_url = LinkField(_("where the data are"), max_length=500, blank=True)
    may_become_story = models.BooleanField(_("may become a story"), default=False, db_default=False)
    story_consent = models.TextField(_("what was agreed to"), blank=True, db_default="")
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="outcomes_reported",
        verbose_name=_("reported by"),
    )
    reported_at = models.DateTimeField(_("reported"))

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ["-reported_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(women_trained__lte=F("people_trained")), name="outcome_counts_women_among_people"
            ),
            models.CheckConstraint(
                condition=Q(may_become_story=False) | ~Q(story_consent=""), name="outcome_story_by_consent"
            ),
        ]

    def __str__(self) -> str:
        return str(self.award)

    def get_absolute_url(self) -> str:
        return reverse("outcomes:report", args=[self.award.ref])
