"""The four records that judge an application: three checks and the reviews."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from calls.enums import CheckKind, ReviewState
from calls.models.application import Application
from calls.models.call import Criterion
from calls.querysets import ReviewQuerySet
from portal.core.models import Timestamped, new_ref


class Check(models.Model):
    """Eligible, feasible or safe: yes or no, by whom, with what conditions. Judged again, the row changes."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="checks", verbose_name=_("application"))
    kind = models.CharField(_("kind"), max_length=8, choices=CheckKind.choices)
    is_passed = models.BooleanField(_("passed"))
    note = models.TextField(_("note"), max_length=2000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["application", "kind"], name="check_once_a_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.application}"


class Review(Timestamped):
    """What one reviewer thinks. A declared conflict stays as a row, so that nobody is asked again."""

    ref = models.CharField(_("reference"), max_length=12, unique=True, default=new_ref, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="reviews", verbose_name=_("application"))
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews", verbose_name=_("reviewer")
    )
    state = models.CharField(_("state"), max_length=9, choices=ReviewState.choices, default=ReviewState.ASSIGNED)
    to_applicant = models.TextField(_("words to the applicant"), max_length=3000, blank=True)
    to_panel = models.TextField(_("words to the panel"), max_length=3000, blank=True)
    conflict_why = models.CharField(_("conflict of interest"), max_length=300, blank=True)
    submitted_at = models.DateTimeField(_("handed in"), null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "reviewer"], name="review_once_a_reviewer"),
            models.CheckConstraint(
                condition=~Q(state="submitted") | Q(submitted_at__isnull=False), name="review_handed_in_at_a_moment"
            ),
        ]
        indexes = [models.Index(fields=["reviewer", "state"], name="review_of_a_reviewer")]

    def __str__(self) -> str:
        return f"{self.application}, {self.reviewer}"

    def get_absolute_url(self) -> str:
        return reverse("reviews:review", args=[self.ref])


class Score(models.Model):
    """Points from 1 (poor) to 5 (excellent) for one criterion."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores", verbose_name=_("review"))
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="scores", verbose_name=_("criterion"))
    points = models.PositiveSmallIntegerField(_("points"), validators=[MinValueValidator(1), MaxValueValidator(5)])

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="score_once_a_criterion"),
            models.CheckConstraint(condition=Q(points__gte=1, points__lte=5), name="score_is_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.points}"
