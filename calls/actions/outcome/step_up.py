"""The reserve list: who is on it steps up when an award of their call comes to nothing, or lapses with the call.

What is free is reckoned anew each time, under the lock of the call: what awards given at the release have returned,
less what those who stepped up were given and did not return. So nobody steps up twice for the same hours, and small
returns add up.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from calls import notices
from calls.actions.offers import memberships_of, reasons_against, write_offers
from calls.actions.outcome.awards import draft_award, missing_for_award, team_of
from calls.enums import AwardKind, AwardState, CallState, Decision
from calls.models import Application, Award, Call
from calls.states import APPLICATION_MOVES
from portal.audit.actions import record
from portal.core.errors import Reason
from portal.core.machine import can_move, next_state
from portal.notifications.actions import notify, reader

RETURNED = {AwardState.REFUSED, AwardState.LAPSED, AwardState.REVOKED}


def step_up_after(award: Award) -> list[Award]:
    """Offer what `award`, just returned, leaves free to the first on the reserve list whom it suffices.

    Hours go to those who asked for the same instrument, in the order of their ranks; who needs more than is free is
    passed over. Call it in the transaction of the deed. Returns the awards offered.
    """
    if award.call_id is None or award.application_id is None:
        return []
    call = Call.objects.select_for_update().get(pk=award.call_id)
    if call.state != CallState.DECIDED:
        return []
    free, offered = _free(call, award), []
    for application in _waiting(call, award):
        if free <= 0:
            break
        asked = _size_of(award, application)
        if 0 < asked <= free and (given := _step_up(call, application)):
            offered.append(given)
            free -= asked
    return offered


def lapse_reserved(now: datetime) -> int:
    """Take off the reserve list whose call is archived or past its last day of use, and tell them; return how many."""
    lapsed = 0
    for candidate in Application.objects.reserve_over_at(now).order_by("pk"):
        with transaction.atomic():
            application = _locked(candidate)
            if application.call.is_use_over_at(now) and can_move(APPLICATION_MOVES, "lapse", application.state):
                _move(application, "lapse")
                tell = [reader(application.applicant)]
                notify(notices.OUTCOME_LAPSED, f"application:{application.pk}", tell, {"application": application.pk})
                lapsed += 1
    return lapsed


def _free(call: Call, award: Award) -> int:
    """Minutes (of a place or a need: pieces) that returned to `call` in the like of `award` and nobody was given."""
    like = Award.objects.filter(call=call, kind=award.kind, instrument=award.instrument_id)
    free = 0
    for state, decision, granted, left in like.exclude(application=None).values_list(
        "state", "application__decision", "granted_minutes", "balance_minutes"
    ):
        given, kept = (granted, min(left, granted)) if award.kind == AwardKind.HOURS else (1, 1)
        if state in RETURNED:
            free += kept
        if decision == Decision.RESERVE:
            free -= given
    return free


def _size_of(award: Award, application: Application) -> int:
    return (application.minutes_decided or 0) if award.kind == AwardKind.HOURS else 1


def _waiting(call: Call, award: Award) -> list[Application]:
    """Those on the reserve list whom a return of `award` may serve, in their order, locked."""
    rows = Application.objects.filter(call=call).reserved()
    if award.kind == AwardKind.HOURS:
        rows = rows.filter(instrument=award.instrument_id)
    rows = rows.select_related("applicant", "organisation", "instrument").prefetch_related("team__user")
    return list(rows.select_for_update(of=("self",)))


def _step_up(call: Call, application: Application) -> Award | None:
    """Offer a locked application its award; None, with the reasons in its history, where that is not possible now."""
    reasons = missing_for_award(call, application, application.minutes_decided)
    award = None
    if not reasons:
        award = draft_award(call, application, timezone.now())
        reasons = reasons_against(award, memberships_of([award]))
    if award is None or reasons:
        _pass_over(application, reasons)
        return None
    _move(application, "step_up")
    write_offers([award], {award.ref: team_of(application)}, by=None)
    tell = [reader(application.applicant)]
    notify(notices.OUTCOME_STEPPED_UP, f"award:{award.pk}", tell, {"application": application.pk})
    return award


def _pass_over(application: Application, reasons: list[Reason]) -> None:
    record(application, "pass_over", why=" ".join(reason.message for reason in reasons))


def _move(application: Application, verb: str) -> None:
    before, application.state = application.state, next_state(APPLICATION_MOVES, verb, application.state)
    application.save(update_fields=["state", "updated_at"])
    record(application, verb, before=before, after=application.state)


def _locked(application: Application) -> Application:
    rows = Application.objects.select_for_update(of=("self",)).select_related("call", "applicant")
    return rows.get(pk=application.pk)
