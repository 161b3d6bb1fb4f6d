"""Outcomes are prepared and ranked while nobody outside the desk sees them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from calls.actions.offers import BATCH
from calls.actions.outcome.awards import missing_for_award
from calls.enums import ApplicationState, CallState, CheckKind, Decision
from calls.models import Application, Call, Check, Review
from calls.querysets import with_judging
from calls.ranking import reordered
from calls.rules.application import may
from calls.states import APPLICATION_MOVES
from portal.audit.actions import entry, record_all
from portal.core.errors import Forbidden, Reason, Refused, WrongState
from portal.core.machine import next_state

BY_SCORE = F("mean_score").desc(nulls_last=True)
WRITTEN = ["state", "decision", "minutes_decided", "decision_note", "updated_at"]


@dataclass(frozen=True)
class Choice:
    """What is to become of one application; `seen` is its `updated_at` when it was looked at, None: as it is now."""

    ref: str
    decision: str
    minutes: int | None = None
    note: str = ""
    seen: datetime | None = None


@transaction.atomic
def prepare(application: Application, decision: str, minutes: int | None = None, note: str = "", *, by: Any) -> None:
    """Prepare one outcome, again as often as needed until the release.

    Raises Forbidden to its own people, WrongState, or Refused: no_organisation, no_instrument, no_hours for what an
    award needs; not_eligible, not_feasible, not_safe where a check said no. The reserve list needs what an award needs.
    """
    if not may(by, "prepare_outcome", application):
        raise Forbidden(_("Nobody decides about an application of their own."))
    prepare_all(application.call, [Choice(application.ref, decision, minutes, note)], by=by)


@transaction.atomic
def prepare_all(call: Call, choices: Sequence[Choice], *, by: Any) -> int:
    """Prepare many outcomes of a call at once, all or none; return how many changed.

    Raises as `prepare` does, each reason beginning with its application; and Refused `changed` or `unknown`.
    """
    _permit(by)
    call = _locked_call(call)
    rows = _locked_by_ref(call, [choice.ref for choice in choices])
    own = set(Application.objects.filter(call=call).of_person(by).values_list("ref", flat=True))
    failed = _failed_checks(rows.values())
    reasons: list[Reason] = []
    changed, history = [], []
    for choice in choices:
        application = rows.get(choice.ref)
        if against := _against(call, application, choice, own, failed):
            reasons += [_about(application, reason) for reason in against]
            continue
        assert application is not None
        before = application.state
        application.state = next_state(APPLICATION_MOVES, "prepare", before)
        if _fill(call, application, choice) or before != application.state:
            changed.append(application)
            history.append(_noted(application, before, by))
    if reasons:
        raise Refused(*reasons)
    Application.objects.bulk_update(changed, WRITTEN, batch_size=BATCH)
    record_all(history)
    return len(changed)


@transaction.atomic
def rank(call: Call, refs: Sequence[str], *, by: Any) -> None:
    """Number the applications of a call from 1 in the order of `refs`; judged ones left out follow as they were.

    Raises Refused `unknown` for a ref that is not a judged application of this call, or is named twice.
    """
    _permit(by)
    call = _locked_call(call)
    rows = {row.ref: row for row in in_rank(call).select_for_update(of=("self",))}
    wanted = list(dict.fromkeys(refs))
    if len(wanted) != len(refs) or not set(wanted) <= set(rows):
        raise Refused(Reason("unknown", _("The list has changed in the meantime. Look again.")))
    changed, history = [], []
    for place, ref in enumerate([*wanted, *(ref for ref in rows if ref not in set(wanted))], start=1):
        if rows[ref].rank != place:
            history.append(entry(rows[ref], "rank", by=by, was=rows[ref].rank, rank=place))
            rows[ref].rank = place
            changed.append(rows[ref])
    Application.objects.bulk_update(changed, ["rank"], batch_size=BATCH)
    record_all(history)


@transaction.atomic
def put_in_place(call: Call, places: Mapping[str, int], *, by: Any) -> None:
    """Move single applications of the ranked list, by ref, to the places wanted (from 1); the others close up.

    Raises Refused `own` for one that `by` takes part in.
    """
    _permit(by)
    call = _locked_call(call)
    if Application.objects.filter(call=call, ref__in=list(places)).of_person(by).exists():
        raise Refused(Reason("own", _("Nobody decides about an application of their own.")))
    order = in_rank(call).values_list("ref", flat=True)
    rank(call, reordered(list(order), places), by=by)


@transaction.atomic
def rank_by_score(call: Call, *, by: Any) -> None:
    """Rank all judged applications by the weighted mean of their reviews; those without one come last."""
    _permit(by)
    rank(call, _by_score(_locked_call(call), BY_SCORE), by=by)


@transaction.atomic
def award_from_the_top(call: Call, *, by: Any) -> int:
    """Prepare awards in the order of the list until what the call offers is used; return how many changed.

    Those without a rank are ranked first, behind the others by their scores.
    Who is decided already keeps it, and awards already prepared count. Who needs more than is left, or cannot be
    given an award, is passed over.
    """
    _permit(by)
    call = _locked_call(call)
    if in_rank(call).filter(rank=None).exists():
        rank(call, _by_score(call, F("rank").asc(nulls_last=True), BY_SCORE), by=by)
    rows = list(in_rank(call))
    own = set(Application.objects.filter(call=call).of_person(by).values_list("ref", flat=True))
    failed = _failed_checks(rows)
    left = left_to_give(call, rows)
    choices = []
    for application in rows:
        if application.state == ApplicationState.PREPARED:
            continue
        minutes = application.minutes_decided or application.minutes_requested
        choice = Choice(application.ref, Decision.AWARD, minutes, application.decision_note)
        size = size_of(call, minutes)
        if size <= left and not _against(call, application, choice, own, failed):
            choices.append(choice)
            left -= size
    return prepare_all(call, choices, by=by)


@transaction.atomic
def decline_the_rest(call: Call, *, by: Any) -> int:
    """Prepare a refusal for every judged application that has no outcome yet, except `by`'s own; return how many."""
    _permit(by)
    rows = Application.objects.filter(call=_locked_call(call)).judged().exclude(state=ApplicationState.PREPARED)
    own = Application.objects.filter(call=call).of_person(by).values("pk")
    choices = [Choice(row.ref, Decision.DECLINE, note=row.decision_note) for row in rows.exclude(pk__in=own)]
    return prepare_all(call, choices, by=by)


def in_rank(call: Call) -> Any:
    """The judged applications of a call in the order of the list."""
    return Application.objects.filter(call=call).judged().in_rank()


def _by_score(call: Call, *order: Any) -> list[str]:
    """The refs of the judged applications in an order that may ask for `mean_score`."""
    scored = with_judging(Application.objects.filter(call=call).judged(), Review.objects.all())
    return list(scored.order_by(*order, "submitted_at", "pk").values_list("ref", flat=True))


def left_to_give(call: Call, applications: Iterable[Application]) -> int:
    """What the call offers, less the awards prepared: minutes where it gives hours, else pieces; below 0: too much."""
    given = [row for row in applications if row.decision == Decision.AWARD and row.state == ApplicationState.PREPARED]
    return offered_by(call) - sum(size_of(call, row.minutes_decided) for row in given)


def offered_by(call: Call) -> int:
    """What the call offers, in the measure of `size_of`."""
    return call.minutes_offered if call.gives_hours else call.places_offered


def size_of(call: Call, minutes: int | None) -> int:
    """How much of what the call offers an award of so many minutes takes."""
    return (minutes or 0) if call.gives_hours else 1


def _permit(by: Any) -> None:
    if not by.has_perm("calls.decide_call"):
        raise Forbidden


def _locked_call(call: Call) -> Call:
    """The call, held so that its outcomes move one deed at a time; WrongState once it is released."""
    call = Call.objects.select_for_update().get(pk=call.pk)
    if call.state != CallState.PUBLISHED:
        raise WrongState("prepare", call.state)
    return call


def _locked_by_ref(call: Call, refs: Iterable[str]) -> dict[str, Application]:
    rows = Application.objects.filter(call=call, ref__in=list(refs)).order_by("pk").select_for_update()
    return {row.ref: row for row in rows}


def _failed_checks(applications: Iterable[Application]) -> dict[int, list[str]]:
    """Which checks said no: application -> kinds, in one statement."""
    failed: dict[int, list[str]] = {}
    asked = Check.objects.filter(application__in=[row.pk for row in applications], is_passed=False)
    for application, kind in asked.values_list("application", "kind"):
        failed.setdefault(application, []).append(kind)
    return failed


def _against(
    call: Call, application: Application | None, choice: Choice, own: set[str], failed: Mapping[int, list[str]]
) -> list[Reason]:
    """Why this choice cannot be prepared; empty when it can."""
    if application is None:
        return [Reason("unknown", _("There is no such application in this call."))]
    if application.ref in own:
        return [Reason("own", _("Nobody decides about an application of their own."))]
    if application.state not in APPLICATION_MOVES["prepare"][0]:
        return [Reason("wrong_state", _("It is not in a state in which its outcome can be prepared."))]
    if choice.seen is not None and application.updated_at != choice.seen:
        return [Reason("changed", _("Somebody changed it while you were looking. Look again."))]
    if choice.decision == Decision.DECLINE:
        return []
    said_no = {
        CheckKind.ELIGIBLE: _("It was found not eligible."),
        CheckKind.FEASIBLE: _("The laboratory found it not feasible."),
        CheckKind.SAFE: _("The laboratory found it not safe."),
    }
    refused = [Reason(f"not_{kind}", said_no[CheckKind(kind)]) for kind in failed.get(application.pk, [])]
    return [*missing_for_award(call, application, choice.minutes), *refused]


def _about(application: Application | None, reason: Reason) -> Reason:
    if application is None:
        return reason
    return Reason(reason.code, f"{application.title or application.ref} ({application.ref}): {reason.message}")


def _fill(call: Call, application: Application, choice: Choice) -> bool:
    """Write the choice into the row; whether that changed anything."""
    gives_hours = choice.decision != Decision.DECLINE and call.gives_hours
    wanted = (choice.decision, choice.minutes if gives_hours else None, choice.note.strip())
    if (application.decision, application.minutes_decided, application.decision_note) == wanted:
        return False
    application.decision, application.minutes_decided, application.decision_note = wanted
    application.updated_at = timezone.now()
    return True


def _noted(application: Application, before: str, by: Any) -> Any:
    decided: dict[str, Any] = {"decision": application.decision, "minutes": application.minutes_decided}
    return entry(application, "prepare", by=by, before=before, after=application.state, **decided)
