"""The outcomes of a call are released together: once, in one transaction, with the mails that tell them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls import notices
from calls.actions.offers import memberships_of, reasons_against, write_offers
from calls.actions.outcome.awards import draft_award, missing_for_award, team_of
from calls.actions.outcome.prepare import offered_by, size_of
from calls.enums import Decision
from calls.models import Application, Award, Call
from calls.states import APPLICATION_MOVES, CALL_MOVES
from portal.audit.actions import entry, record, record_all
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.machine import next_state
from portal.core.times import hours_text
from portal.notifications.actions import notify_apart, reader

MOST_NAMED = 20  # of what stands in the way; the page of outcomes has the rest
VERBS = {
    Decision.AWARD: "release_award",
    Decision.RESERVE: "release_reserve",
    Decision.DECLINE: "release_decline",
}
KINDS = {
    Decision.AWARD: notices.OUTCOME_AWARDED,
    Decision.RESERVE: notices.OUTCOME_RESERVED,
    Decision.DECLINE: notices.OUTCOME_DECLINED,
}


@dataclass(frozen=True)
class Released:
    """How many were told what."""

    awarded: int
    reserved: int
    declined: int


@transaction.atomic
def release(call: Call, *, by: Any, shows_reviews: bool = False, over_why: str = "") -> Released:
    """Release every outcome of a closed call and mark it as decided. A call without applications is decided with none.

    `shows_reviews`: applicants read what reviewers wrote to them. `over_why`: why more is given than was offered.
    Raises WrongState once it is released, or Refused: still_open; not_prepared for each application without an
    outcome; more_than_offered without `over_why`; and whatever stands against one of the awards.
    """
    if not by.has_perm("calls.decide_call"):
        raise Forbidden
    call = Call.objects.select_for_update().get(pk=call.pk)
    target = next_state(CALL_MOVES, "decide", call.state)
    now = timezone.now()
    prepared = _locked(call)
    if reasons := _against(call, prepared, over_why, now):
        raise Refused(*reasons)
    awards = _awards(call, prepared, now)
    _move(prepared, by, now)
    write_offers(awards, {award.ref: team_of(award.application) for award in awards if award.application}, by=by)
    released = _counted(prepared)
    before, call.state, call.shows_reviews = call.state, target, shows_reviews
    call.save(update_fields=["state", "shows_reviews", "updated_at"])
    record(call, "decide", by=by, before=before, after=target, why=over_why.strip(), **vars(released))
    _tell(prepared)
    return released


def against_release(call: Call) -> list[Reason]:
    """What stands in the way of a release now, each a sentence; empty when nothing but too much given, perhaps."""
    return _against(call, _prepared(call), "-", timezone.now())


def given_over(call: Call) -> int:
    """By how much the awards prepared exceed what the call offers; 0 or below: they do not."""
    return _given_over(call, _prepared(call))


def _against(call: Call, prepared: Sequence[Application], over_why: str, now: datetime) -> list[Reason]:
    if now < call.closes_at:
        return [Reason("still_open", _("This call has not closed yet."))]
    reasons = [*_unfinished(call), *_against_awards(call, prepared, now)]
    over = _given_over(call, prepared)
    if over > 0 and not over_why.strip():
        amount = hours_text(over) if call.gives_hours else str(over)
        sentence = _("This gives %(amount)s more than the call offers. Give less, or say why.")
        reasons.append(Reason("more_than_offered", sentence % {"amount": amount}))
    return reasons


def _unfinished(call: Call) -> list[Reason]:
    """A sentence for each application that nobody prepared an outcome for, the first of them by name."""
    rows = Application.objects.filter(call=call).blocking_release().in_rank()
    number = rows.count()
    sentence = _("%(title)s (%(ref)s) has no outcome yet: %(state)s.")
    reasons = [
        Reason(
            "not_prepared",
            sentence % {"title": row.title or call.title, "ref": row.ref, "state": row.get_state_display()},
        )
        for row in rows[:MOST_NAMED]
    ]
    if number > MOST_NAMED:
        more = number - MOST_NAMED
        words = ngettext("%(number)s more has no outcome.", "%(number)s more have no outcome.", more)
        reasons.append(Reason("not_prepared", words % {"number": more}))
    return reasons


def _against_awards(call: Call, prepared: Sequence[Application], now: datetime) -> list[Reason]:
    """Why single awards cannot be offered: somebody left the organisation, an instrument is gone, the days are over."""
    to_award = [row for row in prepared if row.decision == Decision.AWARD]
    complete = [row for row in to_award if not missing_for_award(call, row, row.minutes_decided)]
    drafts = {row.ref: draft_award(call, row, now) for row in complete}
    held = memberships_of(drafts.values())
    reasons = []
    for row in to_award:
        draft = drafts.get(row.ref)
        against = reasons_against(draft, held) if draft else missing_for_award(call, row, row.minutes_decided)
        reasons += [Reason(found.code, f"{row.title or call.title} ({row.ref}): {found.message}") for found in against]
    return reasons[:MOST_NAMED]


def _given_over(call: Call, prepared: Sequence[Application]) -> int:
    given = sum(size_of(call, row.minutes_decided) for row in prepared if row.decision == Decision.AWARD)
    return given - offered_by(call)


def _prepared(call: Call) -> list[Application]:
    rows = Application.objects.filter(call=call).prepared()
    rows = rows.select_related("applicant", "organisation", "instrument").prefetch_related("team__user")
    return list(rows.order_by("pk"))


def _locked(call: Call) -> list[Application]:
    """The prepared applications of a locked call, held in the order of their keys."""
    list(Application.objects.filter(call=call).open().order_by("pk").select_for_update().values_list("pk"))
    return _prepared(call)


def _awards(call: Call, prepared: Sequence[Application], now: datetime) -> list[Award]:
    return [draft_award(call, row, now) for row in prepared if row.decision == Decision.AWARD]


def _move(prepared: Sequence[Application], by: Any, now: datetime) -> None:
    """Take each application where its outcome leads, one statement an outcome, and write the history of all."""
    history = []
    for decision, verb in VERBS.items():
        rows = [row for row in prepared if row.decision == decision]
        for row in rows:
            before, row.state = row.state, next_state(APPLICATION_MOVES, verb, row.state)
            row.released_at = now
            history.append(entry(row, verb, by=by, before=before, after=row.state))
        keys = [row.pk for row in rows]
        target = APPLICATION_MOVES[verb][1]
        Application.objects.filter(pk__in=keys).update(state=target, released_at=now, updated_at=now)
    record_all(history)


def _counted(prepared: Sequence[Application]) -> Released:
    decisions = [row.decision for row in prepared]
    return Released(*(decisions.count(decision) for decision in (Decision.AWARD, Decision.RESERVE, Decision.DECLINE)))


def _tell(prepared: Sequence[Application]) -> None:
    notify_apart(
        (
            KINDS[Decision(row.decision)],
            f"application:{row.pk}",
            reader(row.applicant),
            {"application": row.pk},
        )
        for row in prepared
    )
