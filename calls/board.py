"""The board of a call as questions: its rows with what they came to, and the lines of its exports."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, OuterRef, Prefetch, Q

from calls import conflicts
from calls.enums import ApplicationState, CheckKind, ReviewState
from calls.models import Application, Call, Check, Review
from calls.querysets import with_judging
from portal.accounts.enums import CareerStage, Gender

SOUGHT = ("title", "ref", "receipt", "applicant__name", "applicant__email", "organisation__name")
ORDERS = {
    "received": ("submitted_at", "pk"),
    "score": (F("mean_score").desc(nulls_last=True), "pk"),
    "missing": ("reviews_done", "pk"),
}


def entered(call: Call, user: Any) -> Any:
    """The applications to a call that were handed in, without those that `user` takes part in."""
    own = conflicts.taking_part(OuterRef("pk"), user.pk)
    return Application.objects.filter(call=call).entered().exclude(own)


def rows(call: Call, user: Any, *, q: str = "", state: str = "", instrument: Any = None, order: str = "") -> Any:
    """Those that a filter leaves, with what a line of the board prints."""
    found = entered(call, user).filter(_naming(q))
    if state:
        found = found.filter(state=state)
    if instrument:
        found = found.filter(instrument=instrument)
    found = with_judging(found, Review.objects.visible_to(user)).for_list()
    return found.prefetch_related(Prefetch("checks", Check.objects.order_by("pk"))).order_by(
        *ORDERS.get(order, ORDERS["received"])
    )


class Paged:
    """Rows for a paginator: what each came to is asked for those of a page alone, not for all that stand before it.

    To find a page the database works out only what the order asks for.
    """

    def __init__(self, call: Call, user: Any, **asked: Any) -> None:
        self._rows = rows(call, user, **asked)
        self._judged = with_judging(Application.objects.all(), Review.objects.visible_to(user)).for_list()

    def count(self) -> int:
        return int(self._rows.count())

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, part: slice) -> Any:
        here = self._rows.prefetch_related(None).values("pk")[part]
        page = self._judged.filter(pk__in=here).order_by(*self._rows.query.order_by)
        return page.prefetch_related(Prefetch("checks", Check.objects.order_by("pk")))


def counts(call: Call, user: Any) -> list[tuple[ApplicationState, int]]:
    """How many there are in each state that has any, in the order of the states. One statement."""
    by_state = (
        entered(call, user).order_by().values("state").annotate(number=Count("pk")).values_list("state", "number")
    )
    found = dict(by_state)
    return [(state, found[state]) for state in ApplicationState if state in found]


def marks(application: Application) -> dict[str, bool | None]:
    """What each check came to, by kind; None: not yet judged."""
    known = {check.kind: check.is_passed for check in application.checks.all()}
    return {kind.value: known.get(kind) for kind in CheckKind}


def is_woman(application: Application) -> bool:
    """As the applicant says of herself in her profile; for staff and figures alone."""
    return application.applicant.gender == Gender.WOMAN


def lines(applications: Any) -> Iterator[list[Any]]:
    """The board for a spreadsheet, read as it is written."""
    states = {state.value: str(state.label) for state in ApplicationState}  # looked up once, not for every line
    stages = {stage.value: str(stage.label) for stage in CareerStage}
    for row in applications.iterator(chunk_size=500):
        mark = marks(row)
        yield [
            row.ref, row.receipt, row.title, row.applicant.name, row.applicant.email,
            row.organisation.name if row.organisation else "", row.country, stages.get(row.career_stage, ""),
            is_woman(row), row.instrument.name if row.instrument else "", row.minutes_requested / 60,
            states[row.state], *(mark[kind] for kind in CheckKind), row.reviews_done, row.reviews_given,
            rounded(row.mean_score), row.submitted_at,
        ]  # fmt: skip


def review_lines(reviews: Any, *, criteria: list[Any], is_blind: bool) -> Iterator[list[Any]]:
    """Reviews for a spreadsheet; without the applicant's name and organisation where a call hides them."""
    states = {state.value: str(state.label) for state in ReviewState}
    for review in reviews.prefetch_related("scores").iterator(chunk_size=500):
        points = {score.criterion_id: score.points for score in review.scores.all()}
        application = review.application
        who = [] if is_blind else [application.applicant.name, getattr(application.organisation, "name", "")]
        yield [
            application.ref, application.title, *who, review.reviewer.name, states[review.state],
            *(points.get(criterion.pk) for criterion in criteria), rounded(review.mean),
            review.to_applicant, review.to_panel, review.submitted_at,
        ]  # fmt: skip


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _naming(q: str) -> Q:
    """Every word of `q` is somewhere in what names an application."""
    found = Q()
    for word in q.split():
        anywhere = Q()
        for field in SOUGHT:
            anywhere |= Q(**{f"{field}__icontains": word})
        found &= anywhere
    return found
