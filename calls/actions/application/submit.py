"""Hand an application in, return it for changes, answer that, take it back."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from calls import notices
from calls.actions.application.locks import check_running, hold_call, locked
from calls.actions.application.parts import missing_parts, out_of_bounds
from calls.actions.application.telling import people_of, tell
from calls.eligibility import may_submit, reasons_against, years_since_phd
from calls.models import Application
from calls.rules.application import may
from calls.states import APPLICATION_MOVES, JUDGED
from portal.accounts.models import User
from portal.audit.actions import history_of, record
from portal.audit.models import Record
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.machine import next_state


@transaction.atomic
def submit(application: Application, *, by: Any) -> Application:
    """Hand a draft in: it gets its receipt number at once. Done twice, the second finds what the first did.

    The moment is that at which the deed began, not at which it got its turn. Raises Refused with everything that
    stands against it (closed, eligibility, a code for each section that is missing), Forbidden, WrongState.
    """
    moment = timezone.now()
    row = _held(application, "submit_application", by)
    if row.receipt and row.state in JUDGED:
        return row
    target = next_state(APPLICATION_MOVES, "submit", row.state)
    late = may_submit(row.call, by, moment)
    against = [*([late] if late else []), *reasons_against(row.call, by)]
    if reasons := [*against, *missing_parts(row), *out_of_bounds(row)]:
        raise Refused(*reasons)
    row.submitted_at, row.receipt = moment, f"{moment:%Y}-{row.ref}"
    row.country, row.career_stage = str(by.country), by.career_stage
    row.years_since_phd = years_since_phd(row.call, by.phd_year)
    entry = _move(row, "submit", target, by=by, receipt=row.receipt)
    tell(notices.APPLICATION_SUBMITTED, row, people_of(row), entry)
    return row


@transaction.atomic
def ask_for_changes(application: Application, note: str, answer_by: datetime, *, by: Any) -> Application:
    """Staff return an application in screening; its people may write in it until `answer_by`.

    Raises Refused `no_note`, `already_past` or `call_over`, Forbidden, WrongState.
    """
    row = _held(application, "screen_application", by)
    check_running(row.call)
    target = next_state(APPLICATION_MOVES, "ask", row.state)
    if not note.strip():
        raise Refused(Reason("no_note", _("Say what to change; the applicant reads it.")))
    if answer_by <= timezone.now():
        raise Refused(Reason("already_past", _("This time has already passed. Choose one to come.")))
    row.return_note, row.answer_by = note.strip(), answer_by
    entry = _move(row, "ask", target, by=by, why=row.return_note, answer_by=answer_by.isoformat())
    tell(notices.APPLICATION_RETURNED, row, people_of(row), entry)
    return row


@transaction.atomic
def answer(application: Application, *, by: Any) -> Application:
    """The applicant hands a returned application in again; whoever asked hears of it. Twice is once.

    Raises Refused `too_late`, `call_over` or a code for each section that is missing, Forbidden, WrongState.
    """
    moment = timezone.now()
    row = _held(application, "submit_application", by)
    if row.state in JUDGED and history_of(row).filter(verb="answer").exists():
        return row
    target = next_state(APPLICATION_MOVES, "answer", row.state)
    check_running(row.call)
    if row.answer_by is not None and row.answer_by <= moment:
        raise Refused(Reason("too_late", _("The time to answer has passed. Write to us if you need it.")))
    if reasons := [*missing_parts(row), *out_of_bounds(row)]:
        raise Refused(*reasons)
    asked = history_of(row).filter(verb="ask", by__isnull=False).first()
    row.answer_by = None
    entry = _move(row, "answer", target, by=by)
    if asked is not None and asked.by is not None:
        tell(notices.APPLICATION_ANSWERED, row, [asked.by], entry)
    return row


@transaction.atomic
def withdraw(application: Application, *, by: Any, why: str = "") -> Application:
    """The applicant takes the application back, with a reason or without one; all its people are told."""
    row = _held(application, "withdraw_application", by)
    target = next_state(APPLICATION_MOVES, "withdraw", row.state)
    entry = _move(row, "withdraw", target, by=by, why=why.strip())
    tell(notices.APPLICATION_WITHDRAWN, row, people_of(row), entry, why=why.strip())
    return row


def _held(application: Application, name: str, by: User) -> Application:
    """Call and application locked, in this order, if `by` may do what `name` says."""
    hold_call(application.call_id)
    row = locked(application)
    if not may(by, name, row):
        raise Forbidden
    return row


def _move(row: Application, verb: str, target: str, *, by: Any, why: str = "", **details: Any) -> Record:
    """Save a locked application in state `target` and write the history."""
    before, row.state = row.state, target
    row.save()
    return record(row, verb, by=by, before=before, after=target, why=why, **details)
