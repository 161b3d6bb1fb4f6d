"""Named questions about applications."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest

from calls import conflicts
from calls.enums import ApplicationState, CallState, ReviewState
from calls.querysets.endorsing import falls_to
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

    def to_hand_in(self, user: Any, moment: datetime) -> Self:
        """Drafts still open at `moment`, and what was returned for changes, that `user` writes.

        With `hand_in_by`: until when, which for a draft is the closing or the end of the applicant's late access.
        """
        late = self._late_accesses(moment).order_by("-until").values("until")[:1]
        by = Coalesce("answer_by", Greatest("call__closes_at", Subquery(late)))
        is_with_them = Q(state__in=[ApplicationState.DRAFT, ApplicationState.RETURNED])
        rows = self.of_person(user).of_running_calls().filter(is_with_them).select_related("call")
        return rows.annotate(hand_in_by=by).filter(hand_in_by__gt=moment).order_by("hand_in_by", "pk")

    def of_running_calls(self) -> Self:
        """Of calls that are neither decided nor withdrawn: only there is something left to do."""
        return self.filter(call__state=CallState.PUBLISHED)

    def judged(self) -> Self:
        """In the hands of staff, laboratory or reviewers."""
        return self.filter(state__in=JUDGED)

    def open(self) -> Self:
        """Not yet released, lapsed or withdrawn."""
        return self.filter(state__in=OPEN)

    def prepared(self) -> Self:
        return self.filter(state=ApplicationState.PREPARED)

    def in_rank(self) -> Self:
        """The ranked first, in their order, then those without a rank by receipt."""
        return self.order_by(F("rank").asc(nulls_last=True), "submitted_at", "pk")

    def blocking_release(self) -> Self:
        """Those that are still somebody's to finish: no outcome is prepared."""
        return self.open().exclude(state=ApplicationState.PREPARED)

    def reserve_over_at(self, moment: datetime) -> Self:
        """On the reserve list of a call that is archived, or whose last day of use is over somewhere on Earth."""
        is_over = Q(call__state=CallState.ARCHIVED) | Q(call__use_until__lt=(moment + timedelta(hours=14)).date())
        return self.filter(is_over, state=ApplicationState.RESERVED)

    def reserved(self) -> Self:
        """Those that step up when something returns, in their order."""
        return self.filter(state=ApplicationState.RESERVED).order_by("rank", "pk")

    def to_check_by(self, user: Any) -> Self:
        """Those whose feasibility and safety wait for a laboratory that `user` works in as operator."""
        return self.of_running_calls().filter(_hosted_by(user), state=ApplicationState.FEASIBILITY)

    def to_endorse_by(self, user: Any) -> Self:
        """Those that ask for the word of `user`: of their institution, or for staff of one without a focal point."""
        if not user.is_authenticated:
            return self.none()
        team = self.model.team.rel.related_model.objects.filter(user__isnull=False)
        asked = Q(endorsement__isnull=False, endorsement__is_given__isnull=True, state__in=OPEN)
        return self.of_running_calls().filter(asked & falls_to(user, team)).exclude(self.own(user))

    def unanswered_at(self, moment: datetime) -> Self:
        """Returned for changes that did not come in time."""
        return self.of_running_calls().filter(state=ApplicationState.RETURNED, answer_by__lte=moment)

    def drafts_over_at(self, moment: datetime) -> Self:
        """Drafts whose call was closed by `moment` and whose applicant took no late access that is still good."""
        over = self.drafts().filter(call__published_at__isnull=False, call__closes_at__lte=moment)
        excepted = Exists(self._late_accesses(moment))
        return over.exclude(call__state=CallState.WITHDRAWN).exclude(excepted).order_by("pk")

    def _late_accesses(self, moment: datetime) -> models.QuerySet[Any]:
        """What an application's applicant took of its call and is not over."""
        late = self.model.call.field.related_model.late_accesses.rel.related_model.objects
        return late.filter(call=OuterRef("call"), user=OuterRef("applicant"), until__gt=moment)


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
    """Given to `user` to review; where names are hidden, the review's own page shows what there is to see."""
    reviews = model.reviews.rel.related_model.objects.filter(application=OuterRef("pk"), reviewer=user)
    seen = [ApplicationState.REVIEW, ApplicationState.PREPARED]
    is_given = Q(Exists(reviews.exclude(state=ReviewState.CONFLICT)), state__in=seen, call__is_blind=False)
    return is_given & ~conflicts.between(OuterRef("pk"), user.pk)
