"""Write reviews: save, hand in, declare a conflict; staff open one again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from calls import notices
from calls.actions.judging.locks import reviewed
from calls.enums import ApplicationState
from calls.models import Criterion, Review, Score
from calls.rules.judging import may
from calls.scoring import HIGHEST, LOWEST
from calls.states import REVIEW_MOVES
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.machine import next_state
from portal.notifications.actions import notify, reader

WRITTEN_IN = [ApplicationState.REVIEW]
SEEN_IN = [ApplicationState.REVIEW, ApplicationState.PREPARED]


@dataclass(frozen=True)
class Opinion:
    """What a reviewer wrote: `points` by the primary key of a criterion, and words for two kinds of reader."""

    points: Mapping[int, int] = field(default_factory=dict)
    to_applicant: str = ""
    to_panel: str = ""


@transaction.atomic
def save_review(review: Review, opinion: Opinion, *, by: Any) -> Review:
    """Keep a draft, complete or not. Raises Forbidden, WrongState, Refused `points` or `call_over`."""
    review = _own(review, "save", by)
    _write(review, opinion)
    review.save()
    return review


@transaction.atomic
def submit_review(review: Review, opinion: Opinion, *, by: Any) -> Review:
    """Hand a review in: every criterion has its points. Raises as `save_review`, and Refused `no_points` for each."""
    review = _own(review, "submit", by)
    criteria = _write(review, opinion)
    sentence = _("Give points for: %(criterion)s.")
    missing = [
        Reason("no_points", sentence % {"criterion": criterion.name})
        for criterion in criteria
        if criterion.pk not in opinion.points
    ]
    if missing:
        raise Refused(*missing)
    review.submitted_at = timezone.now()
    _move(review, "submit", by)
    return review


@transaction.atomic
def declare_conflict(review: Review, why: str, *, by: Any) -> Review:
    """The reviewer must not judge this one: what they wrote is dropped and they see the application no more."""
    if not may(by, "write_review", review):
        raise Forbidden
    review = reviewed(review, "declare_conflict", SEEN_IN)
    next_state(REVIEW_MOVES, "declare_conflict", review.state)
    if not why.strip():
        raise Refused(Reason("no_reason", _("Say in a few words what the conflict of interest is; staff read it.")))
    review.scores.all().delete()
    review.to_applicant = review.to_panel = ""
    review.submitted_at = None
    review.conflict_why = why.strip()[:300]
    _move(review, "declare_conflict", by, why=review.conflict_why)
    return review


@transaction.atomic
def reopen_review(review: Review, *, by: Any, why: str = "") -> Review:
    """Staff give a review that was handed in back to its reviewer, who is told."""
    if not may(by, "reopen_review", review):
        raise Forbidden
    review = reviewed(review, "reopen", WRITTEN_IN)
    review.submitted_at = None
    _move(review, "reopen", by, why=why.strip())
    key = f"review:{review.pk}:{timezone.now().isoformat()}"
    notify(notices.REVIEW_REOPENED, key, [reader(review.reviewer)], {"review": review.pk, "why": why.strip()})
    return review


def _own(review: Review, verb: str, by: Any) -> Review:
    """Lock a review that `by` may write in its state."""
    if not may(by, "write_review", review):
        raise Forbidden
    review = reviewed(review, verb, WRITTEN_IN)
    next_state(REVIEW_MOVES, verb, review.state)
    return review


def _write(review: Review, opinion: Opinion) -> list[Criterion]:
    """Put the words on the row and replace the points; return the criteria of the call."""
    criteria = list(review.application.call.criteria.all())
    known = {criterion.pk for criterion in criteria}
    if any(pk not in known or not LOWEST <= points <= HIGHEST for pk, points in opinion.points.items()):
        raise Refused(Reason("points", _("Points go from 1 to 5, one number for each criterion of the call.")))
    review.to_applicant, review.to_panel = opinion.to_applicant, opinion.to_panel
    review.scores.all().delete()
    Score.objects.bulk_create(
        [Score(review=review, criterion_id=pk, points=points) for pk, points in sorted(opinion.points.items())]
    )
    return criteria


def _move(review: Review, verb: str, by: Any, why: str = "") -> None:
    before, review.state = review.state, next_state(REVIEW_MOVES, verb, review.state)
    review.save()
    record(review, verb, by=by, before=before, after=review.state, why=why)
