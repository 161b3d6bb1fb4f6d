"""Named questions about matches and what is asked after them."""

from datetime import date, datetime
from typing import Any, Self

from django.db import models

from donations.enums import HOLDING, IDLE, FollowUpState, MatchState
from donations.querysets.people import own_needs, own_offers


class MatchQuerySet(models.QuerySet[Any]):
    def holding(self) -> Self:
        """Those whose pieces are counted on their need and offer."""
        return self.filter(state__in=HOLDING)

    def of(self, user: Any) -> Self:
        """Those between the person's own need or offer and another's, once staff have approved them."""
        return self.filter(own_needs(user, "need__") | own_offers(user, "offer__"), approved_at__isnull=False)

    def visible_to(self, user: Any) -> Self:
        if not user.is_authenticated:
            return self.none()
        return self if user.is_staff else self.of(user)

    def to_answer(self, moment: datetime) -> Self:
        return self.filter(state=MatchState.APPROVED, answer_by__gt=moment)

    def overdue(self, moment: datetime) -> Self:
        """Those that somebody has not accepted in time."""
        return self.filter(state=MatchState.APPROVED, answer_by__lte=moment)

    def to_ship(self) -> Self:
        """Accepted ones that no shipment has taken yet."""
        return self.filter(state=MatchState.ACCEPTED).exclude(places__is_open=True)

    def for_list(self) -> Self:
        return self.select_related(
            "need__organisation", "need__category", "need__asked_by", "offer__organisation", "offer__category",
            "offer__donor",
        )  # fmt: skip


class FollowUpQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Those of the matches a person sees: donor, receiving laboratory, staff."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        return self.filter(own_needs(user, "match__need__") | own_offers(user, "match__offer__"))

    def due(self, day: date) -> Self:
        """Those to be asked on `day` or before."""
        return self.filter(state=FollowUpState.DUE, due_on__lte=day)

    def answered(self) -> Self:
        return self.filter(state=FollowUpState.ANSWERED)

    def to_help(self) -> Self:
        """Those that say a gift stands idle, or say nothing at all, until staff have seen to it."""
        idle = models.Q(state=FollowUpState.ANSWERED, in_use__in=IDLE) | models.Q(state=FollowUpState.SILENT)
        return self.filter(idle, helped_at=None)

    def for_list(self) -> Self:
        return self.select_related(
            "match__need__organisation", "match__need__asked_by", "match__offer__organisation", "match__offer__donor",
            "answered_by",
        )  # fmt: skip
