"""Agreements with laboratories: drafted and offered by staff, answered by an operator, ended, renewed.

Deeds that decide which agreement is in force lock the instrument first, then the agreement.
"""

from datetime import date, timedelta
from typing import Any

import rules
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from instruments import notices
from instruments.actions.telling import operators_at, staff_but
from instruments.enums import AgreementState
from instruments.models import Agreement, Instrument
from instruments.states import AGREEMENT_MOVES
from instruments.versions import digest
from portal.audit.actions import record
from portal.core.errors import Conflict, Forbidden, Reason, Refused
from portal.core.machine import next_state
from portal.notifications.actions import Recipient, notify

FIELDS = ("laboratory_gives", "programme_gives", "minutes_a_year", "starts_on", "ends_on")
LONGEST = timedelta(days=10 * 366)
LONGEST_NOTE = 1000


def version_of(agreement: Agreement) -> str:
    """Which text somebody edits; see `change_agreement`."""
    return digest({name: getattr(agreement, name) for name in FIELDS})


@transaction.atomic
def draft_agreement(instrument: Instrument, *, by: Any, **fields: Any) -> Agreement:
    """Write a draft (FIELDS) with the laboratory where the instrument stands. Raises Forbidden, Refused."""
    row = Agreement(instrument=instrument, organisation=instrument.organisation, **fields)
    _permit(by, "write", row)
    _check_offered(instrument)
    _check_days(row)
    row.save()
    record(row, "create", by=by, after=row.state)
    return row


@transaction.atomic
def change_agreement(agreement: Agreement, *, by: Any, version: str, **fields: Any) -> Agreement:
    """Change a draft. `version` is that of the text that was edited.

    Raises Forbidden; Refused once it was offered; Conflict where somebody else saved other words meanwhile.
    """
    row = _locked(agreement, "write", by)
    if row.state != AgreementState.DRAFT:
        sentence = _("The laboratory has it before it. Withdraw it and write another one to change it.")
        raise Refused(Reason("offered", sentence))
    changed = [name for name, value in fields.items() if getattr(row, name) != value]
    if not changed:
        return row
    if version != version_of(row):
        raise Conflict(version_of(row))
    for name in changed:
        setattr(row, name, fields[name])
    _check_days(row)
    row.save()
    record(row, "update", by=by, fields=changed)
    return row


@transaction.atomic
def offer_agreement(agreement: Agreement, *, by: Any, version: str = "") -> Agreement:
    """Put it to the laboratory, signed by who does. `version`: of the words they read, empty where nobody did.

    Raises Refused where nobody there could answer, or another one is in force then; Conflict where a colleague changed
    the words meanwhile.
    """
    row = _locked(agreement, "offer", by)
    next_state(AGREEMENT_MOVES, "offer", row.state)
    if version and version != (current := version_of(row)):
        raise Conflict(current, _("This agreement was changed after you opened it. Read it again before you go on."))
    _check_offered(row.instrument)
    if row.ends_on < _today(row):
        raise Refused(Reason("over", _("Its last day is over. Change the days first.")))
    if not operators_at(row.organisation_id):
        sentence = _("The laboratory has no operator here who could answer. Confirm one first.")
        raise Refused(Reason("nobody", sentence))
    _check_alone(row)
    row.offered_at, row.offered_by = timezone.now(), by
    _move(row, "offer", by)
    _tell(row, notices.AGREEMENT_OFFERED, operators_at(row.organisation_id), by)
    return row


@transaction.atomic
def agree_agreement(agreement: Agreement, *, by: Any, signatory: str) -> Agreement:
    """An operator agrees in the name of `signatory`. Raises Refused where another one is in force then."""
    row = _locked(agreement, "agree", by)
    next_state(AGREEMENT_MOVES, "agree", row.state)
    _check_offered(row.instrument)
    if not signatory.strip():
        raise Refused(Reason("signatory", _("Say who signs for the laboratory.")))
    if row.ends_on < _today(row):
        raise Refused(Reason("over", _("Its last day is over: it cannot be agreed any more.")))
    _check_alone(row)
    row.agreed_at, row.agreed_by, row.signatory = timezone.now(), by, signatory.strip()[:200]
    _move(row, "agree", by)
    _tell(row, notices.AGREEMENT_AGREED, [*staff_but(by), *operators_at(row.organisation_id)], by)
    return row


@transaction.atomic
def decline_agreement(agreement: Agreement, *, by: Any, why: str) -> Agreement:
    """The laboratory does not agree; what it follows can be renewed in other words."""
    row = _locked(agreement, "decline", by)
    row.renews = None
    _move(row, "decline", by, _said(why))
    _tell(row, notices.AGREEMENT_DECLINED, staff_but(by), by)
    return row


@transaction.atomic
def withdraw_agreement(agreement: Agreement, *, by: Any, why: str) -> Agreement:
    """Staff take it back before it is agreed; the laboratory is told if it had it before it."""
    row = _locked(agreement, "withdraw", by)
    _take_back(row, by, _said(why))
    return row


@transaction.atomic
def end_agreement(agreement: Agreement, *, by: Any = None, why: str = "") -> Agreement:
    """The clock (`by` None) after its last day, or staff before it, who say why. Both sides are told."""
    row = _locked(agreement, "end", by)
    _end(row, by, _said(why) if by is not None else "")
    return row


def close_agreements(instrument: Instrument, *, by: Any, why: str) -> None:
    """End what was agreed on a locked instrument that is no longer offered, and take back what waits for an answer.

    Both sides are told why; call it inside the transaction of the deed that says so.
    """
    rows = instrument.agreements.open().select_for_update(of=("self",)).select_related("organisation")
    for row in rows.order_by("pk"):
        row.instrument = instrument
        (_end if row.state == AgreementState.AGREED else _take_back)(row, by, why[:LONGEST_NOTE])


@transaction.atomic
def renew_agreement(agreement: Agreement, *, by: Any) -> Agreement:
    """A draft in the same words that begins the day after this one ends and lasts as long.

    Doing it twice gives the same draft. Raises Refused unless it is in force or over.
    """
    row = _locked(agreement, "write", by)
    following = Agreement.objects.filter(renews=row).first()
    if following is not None:
        return following
    if row.state not in (AgreementState.AGREED, AgreementState.ENDED):
        raise Refused(Reason("not_agreed", _("Only an agreement that was agreed can be renewed.")))
    begins = max(row.ends_on + timedelta(days=1), _today(row))
    fresh = draft_agreement(
        row.instrument, by=by, laboratory_gives=row.laboratory_gives, programme_gives=row.programme_gives,
        minutes_a_year=row.minutes_a_year, starts_on=begins, ends_on=begins + (row.ends_on - row.starts_on),
    )  # fmt: skip
    fresh.renews = row
    fresh.save(update_fields=["renews"])
    return fresh


def may(user: Any, verb: str, agreement: Agreement) -> bool:
    """Whether `user` may do this, whatever the state; admins too sign for no laboratory."""
    return bool(rules.has_perm(f"instruments.{verb}_agreement", user, agreement))


def _locked(agreement: Agreement, verb: str, by: Any) -> Agreement:
    """The fresh row, locked after its instrument; the clock (`by` None) may. Raises Forbidden."""
    instrument = Instrument.objects.lock(agreement.instrument_id)
    rows = Agreement.objects.select_for_update(of=("self",)).select_related("organisation")
    row = rows.get(pk=agreement.pk)
    row.instrument = instrument
    if by is not None:
        _permit(by, verb, row)
    return row


def _permit(by: Any, verb: str, agreement: Agreement) -> None:
    if not may(by, verb, agreement):
        raise Forbidden


def _take_back(row: Agreement, by: Any, why: str) -> None:
    was_offered = row.state == AgreementState.OFFERED
    row.renews = None
    _move(row, "withdraw", by, why)
    if was_offered:
        _tell(row, notices.AGREEMENT_WITHDRAWN, operators_at(row.organisation_id), by)


def _end(row: Agreement, by: Any, why: str) -> None:
    _move(row, "end", by, why)
    _tell(row, notices.AGREEMENT_ENDED, [*staff_but(by), *operators_at(row.organisation_id)], by)


def _move(row: Agreement, verb: str, by: Any, why: str = "") -> None:
    before, row.state = row.state, next_state(AGREEMENT_MOVES, verb, row.state)
    row.state_note = why
    row.save()
    record(row, verb, by=by, before=before, after=row.state, why=why)


def _tell(row: Agreement, kind: Any, people: list[Recipient], by: Any) -> None:
    """Tell each once, but not whoever did it."""
    readers = {person.user_id: person for person in people}
    readers.pop(by and by.pk, None)
    notify(kind, f"agreement:{row.pk}", readers.values(), {"agreement": row.pk})


def _check_offered(instrument: Instrument) -> None:
    """Raises Refused where the instrument was refused or retired."""
    if instrument.is_final:
        raise Refused(Reason("final", _("This instrument is no longer offered: there is nothing to agree on.")))


def _check_days(row: Agreement) -> None:
    if row.starts_on >= row.ends_on:
        raise Refused(Reason("days", _("The last day comes after the first.")))
    if row.ends_on - row.starts_on > LONGEST:
        raise Refused(Reason("days", _("An agreement lasts ten years at most.")))


def _check_alone(row: Agreement) -> None:
    """Raises Refused where an agreed one of the same instrument holds on some of its days."""
    others = Agreement.objects.filter(instrument=row.instrument_id, state=AgreementState.AGREED).exclude(pk=row.pk)
    other = others.filter(starts_on__lte=row.ends_on, ends_on__gte=row.starts_on).first()
    if other is not None:
        sentence = _("The agreement %(ref)s holds on some of these days already. End it first, or change the days.")
        raise Refused(Reason("overlaps", sentence % {"ref": other.ref}))


def _today(row: Agreement) -> date:
    return timezone.now().astimezone(row.zone).date()


def _said(why: str) -> str:
    """Return the reason, stripped. Raises Refused when there is none, or too much of it."""
    words = why.strip()
    if not words:
        raise Refused(Reason("reason", _("Say why, in a sentence: those concerned read it.")))
    if len(words) > LONGEST_NOTE:
        raise Refused(Reason("too_long", _("Write %(count)d letters at most.") % {"count": LONGEST_NOTE}))
    return words
