"""What became of applications in the hands of staff, laboratories and reviewers."""

from datetime import datetime, timedelta
from typing import Any

from calls.enums import ApplicationState, CheckKind, ReviewState
from calls.models import Application, Check, Review, Score
from portal.accounts.models import User
from portal.samples.actions.instruments import operator_of
from portal.samples.stage import Stage, backdate

STATES = ApplicationState
UNSEEN = (STATES.SCREENING, STATES.RETURNED, STATES.WITHDRAWN)  # nobody has judged these yet
DAY = timedelta(days=1)
STEP = DAY / 2  # between one judge and the next, where there is time for it


def put_judging(stage: Stage, row: Application, line: dict[str, Any]) -> None:
    """Checks and reviews, each some time after the one before it and none in the future."""
    staff = stage.people["staff"]
    assert row.submitted_at
    if row.state == STATES.RETURNED:
        asked = stage.ago(1.5)
        stage.note(row, "ask", asked, by=staff, before=STATES.SCREENING, after=STATES.RETURNED, why=row.return_note)
    if row.state in UNSEEN:
        return
    moments = _Moments(stage, row)
    _check(stage, row, CheckKind.ELIGIBLE, moments.next(), staff)
    target = STATES.FEASIBILITY if row.instrument else STATES.REVIEW
    verb = "pass_screening" if row.instrument else "pass_to_review"
    stage.note(row, verb, moments.last, by=staff, before=STATES.SCREENING, after=target)
    if row.state == STATES.FEASIBILITY:
        return
    if row.instrument:
        _put_feasibility(stage, row, moments.next(), line.get("not_feasible", ""))
    for told in line.get("reviews", ()):
        _review(stage, row, told, moments.next())
    if row.state == STATES.PREPARED:
        stage.note(row, "prepare", moments.next(), by=staff, before=STATES.FEASIBILITY, after=STATES.PREPARED)


class _Moments:
    """When each judge had their turn: after the closing, half a day apart, less where today comes sooner."""

    def __init__(self, stage: Stage, row: Application) -> None:
        assert row.submitted_at
        over = stage.decided(row.call) if row.released_at else stage.now
        self.last = max(row.submitted_at, min(row.call.closes_at, over - 5 * DAY))
        self.step = min(STEP, (over - self.last) / 8)

    def next(self) -> datetime:
        self.last += self.step
        return self.last


def _check(stage: Stage, row: Application, kind: CheckKind, moment: datetime, by: User, why: str = "") -> None:
    Check.objects.create(application=row, kind=kind, is_passed=not why, note=why, by=by, at=moment)
    stage.note(row, f"check_{kind}", moment, by=by, after="failed" if why else "passed", why=why)


def _put_feasibility(stage: Stage, row: Application, moment: datetime, why_not: str) -> None:
    assert row.instrument
    operator = operator_of(row.instrument)
    _check(stage, row, CheckKind.SAFE, moment, operator)
    _check(stage, row, CheckKind.FEASIBLE, moment, operator, why_not)
    if not why_not:
        stage.note(row, "pass_feasibility", moment, by=operator, before=STATES.FEASIBILITY, after=STATES.REVIEW)


def _review(stage: Stage, row: Application, told: dict[str, Any], moment: datetime) -> None:
    """Given, and then handed in, turned down for a conflict, or still to be written."""
    review = Review(application=row, reviewer=stage.people[told["by"]], ref=stage.new_ref())
    review.to_applicant, review.to_panel = told.get("to_applicant", ""), told.get("to_panel", "")
    if "points" in told:
        review.state, review.submitted_at = ReviewState.SUBMITTED, moment
    if "conflict" in told:
        review.state, review.conflict_why = ReviewState.CONFLICT, told["conflict"]
    review.save()
    criteria = row.call.criteria.all()
    Score.objects.bulk_create(
        Score(review=review, criterion=criterion, points=points)
        for criterion, points in zip(criteria, told.get("points", ()), strict=False)
    )
    backdate(review, moment)
    given, states = moment - timedelta(hours=6), ReviewState
    stage.note(review, "assign", given, by=stage.people["staff"], after=states.ASSIGNED)
    verb = {states.SUBMITTED: "submit", states.CONFLICT: "declare_conflict"}.get(states(review.state))
    if verb:
        stage.note(
            review,
            verb,
            moment,
            by=review.reviewer,
            before=states.ASSIGNED,
            after=review.state,
            why=review.conflict_why,
        )
