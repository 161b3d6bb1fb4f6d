"""Named questions about applications and about those who judge them."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from calls.enums import ApplicationState, ReviewState
from portal.accounts.enums import MembershipState, Role

ENTERED = [state for state in ApplicationState if state not in (ApplicationState.DRAFT, ApplicationState.LAPSED)]
JUDGED = [ApplicationState.SCREENING, ApplicationState.FEASIBILITY, ApplicationState.REVIEW, ApplicationState.PREPARED]
OPEN = [ApplicationState.DRAFT, ApplicationState.RETURNED, *JUDGED]


class ApplicationQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Who may open one: its people, and whoever endorses or judges it; staff all.

        A focal point sees it once it belongs to their organisation and is entered or asks for endorsement; an operator
        once it waits for the laboratory; a reviewer while assigned and free of conflict.
        """
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        return self.filter(self.own(user) | _endorsed_by(user) | _hosted_by(user) | _reviewed_by(self.model, user))

    def of_person(self, user: Any) -> Self:
        """Those that `user` writes: as applicant, or as somebody who accepted to take part."""
        return self.filter(self.own(user)) if user.is_authenticated else self.none()

    def own(self, user: Any) -> Q:
        team = self.model.team.rel.related_model.objects.filter(
            application=OuterRef("pk"), user=user, accepted_at__isnull=False
        )
        return Q(applicant=user) | Q(Exists(team))

    def for_list(self) -> Self:
        """With what a line or a page of an application prints."""
        return self.select_related("call", "applicant", "organisation", "instrument")

    def entered(self) -> Self:
        """Submitted at least once, whatever became of them."""
        return self.filter(submitted_at__isnull=False)

    def drafts(self) -> Self:
        return self.filter(state=ApplicationState.DRAFT)

    def judged(self) -> Self:
        """In the hands of staff, laboratory or reviewers."""
        return self.filter(state__in=JUDGED)

    def open(self) -> Self:
        """Not yet released, lapsed or withdrawn."""
        return self.filter(state__in=OPEN)

    def prepared(self) -> Self:
        return self.filter(state=ApplicationState.PREPARED)

    def reserved(self) -> Self:
        """Those that step up when something returns, in their order."""
        return self.filter(state=ApplicationState.RESERVED).order_by("rank", "pk")

    def to_check_by(self, user: Any) -> Self:
        """Those whose feasibility and safety wait for a laboratory that `user` works in as operator."""
        return self.filter(_hosted_by(user), state=ApplicationState.FEASIBILITY)

    def unanswered_at(self, moment: datetime) -> Self:
        """Returned for changes that did not come in time."""
        return self.filter(state=ApplicationState.RETURNED, answer_by__lte=moment)


class ReviewQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """A reviewer's own; all to staff, but never those of an application they themselves are part of."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self.exclude(application__in=self.model.application.field.related_model.objects.of_person(user))
        return self.filter(reviewer=user).exclude(state=ReviewState.CONFLICT)

    def to_write(self, user: Any) -> Self:
        """What waits for a reviewer."""
        in_review = Q(application__state=ApplicationState.REVIEW)
        return self.filter(in_review, reviewer=user, state=ReviewState.ASSIGNED)

    def submitted(self) -> Self:
        return self.filter(state=ReviewState.SUBMITTED)


def _endorsed_by(user: Any) -> Q:
    led = user.memberships.filter(state=MembershipState.CONFIRMED, role=Role.FOCAL_POINT).values("organisation")
    return Q(organisation__in=led) & (Q(submitted_at__isnull=False) | Q(endorsement__isnull=False))


def _hosted_by(user: Any) -> Q:
    run = user.memberships.filter(state=MembershipState.CONFIRMED, role=Role.OPERATOR).values("organisation")
    seen = [
        ApplicationState.FEASIBILITY,
        ApplicationState.REVIEW,
        ApplicationState.PREPARED,
        ApplicationState.AWARDED,
        ApplicationState.RESERVED,
    ]
    return Q(instrument__organisation__in=run, state__in=seen)


def _reviewed_by(model: Any, user: Any) -> Q:
    reviews = model.reviews.rel.related_model.objects.filter(application=OuterRef("pk"), reviewer=user)
    seen = [ApplicationState.REVIEW, ApplicationState.PREPARED]
    return Q(Exists(reviews.exclude(state=ReviewState.CONFLICT)), state__in=seen)
