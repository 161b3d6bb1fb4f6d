"""So many of an offer for a need, and the runs that find what fits."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from donations.enums import HOLDING, MatchState, Side
from donations.models.need import Need
from donations.models.offer import Offer
from donations.querysets import MatchQuerySet
from portal.core.models import Timestamped, new_ref


class MatchingRun(Timestamped):
    """One answer of the matcher over all open needs and vetted offers; the newest finished one is shown.

    `pairs`: [{"need": pk, "offer": pk, "quantity": n, "score": 0-1000, "parts": {name: 0-1000}, "reasons": [[code,
    {values}]]}], best first; `near`: the same for near misses, with "lacks" in place of "quantity".
    """

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("asked by")
    )
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    trouble = models.CharField(_("why it failed"), max_length=200, blank=True)
    needs = models.PositiveIntegerField(_("needs"), default=0)
    offers = models.PositiveIntegerField(_("offers"), default=0)
    pairs = models.JSONField(_("pairs"), default=list)
    near = models.JSONField(_("near misses"), default=list)
    seconds = models.FloatField(_("seconds"), default=0)

    class Meta:
        verbose_name = _("run of the matcher")
        verbose_name_plural = _("runs of the matcher")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"


class Match(Timestamped):
    """`quantity` pieces are counted on both need and offer while the state is one of HOLDING.

    `reasons`: [[code, {values}], ...] as the matcher gives them, put into words in the reader's language.
    """

    ref = models.CharField(_("reference"), max_length=12, unique=True, default=new_ref, editable=False)
    need = models.ForeignKey(Need, models.PROTECT, related_name="matches", verbose_name=_("need"))
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="matches", verbose_name=_("offer of equipment"))
    quantity = models.PositiveSmallIntegerField(_("how many"))
    state = models.CharField(_("state"), max_length=10, choices=MatchState.choices, default=MatchState.PROPOSED)
    score = models.PositiveSmallIntegerField(_("score"), default=0, help_text=_("0 to 1000"))
    parts = models.JSONField(_("parts of the score"), default=dict)
    reasons = models.JSONField(_("reasons"), default=list)
    override_why = models.CharField(_("why against the rules"), max_length=300, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    answer_by = models.DateTimeField(_("to be accepted by"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    need_accepted_at = models.DateTimeField(_("accepted by the laboratory"), null=True, blank=True)
    need_accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    offer_accepted_at = models.DateTimeField(_("accepted by the donor"), null=True, blank=True)
    offer_accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    refused_side = models.CharField(_("refused by"), max_length=5, choices=Side.choices, blank=True)
    why = models.CharField(_("reason"), max_length=500, blank=True)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    back_on = models.DateField(_("a loan goes back on"), null=True, blank=True)

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="match_of_something"),
            models.UniqueConstraint(
                fields=["need", "offer"],
                condition=Q(state__in=["proposed", "approved", "accepted"]),
                name="match_once_a_pair",
            ),
            models.CheckConstraint(
                condition=Q(need_accepted_at=None, need_accepted_by=None)
                | Q(need_accepted_at__isnull=False, need_accepted_by__isnull=False),
                name="match_accepted_for_the_need_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(offer_accepted_at=None, offer_accepted_by=None)
                | Q(offer_accepted_at__isnull=False, offer_accepted_by__isnull=False),
                name="match_accepted_for_the_offer_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "completed"])
                | Q(need_accepted_at__isnull=False, offer_accepted_at__isnull=False),
                name="match_accepted_by_both",
            ),
        ]
        indexes = [models.Index(fields=["state", "answer_by"], name="match_waiting")]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.offer} → {self.need}"

    def get_absolute_url(self) -> str:
        return reverse("matches:detail", args=[self.ref])

    @property
    def is_holding(self) -> bool:
        return self.state in HOLDING
