"""Deeds of calls, all of them by staff."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from calls.actions import call_news, interest
from calls.actions.call_training import hold_training
from calls.completeness import missing_to_publish
from calls.enums import CallState
from calls.models import Application, Call
from calls.signals import call_published
from calls.states import CALL_MOVES
from instruments.models import Instrument, Technique
from portal.audit.actions import record
from portal.core.addresses import free_slug
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.machine import next_state


@transaction.atomic
def create_call(
    *, by: Any, techniques: Iterable[Technique] = (), instruments: Iterable[Instrument] = (), **fields: Any
) -> Call:
    """Create a draft; `fields` are columns of the model, the address part is made from the English title."""
    _permit(by, "add")
    call = Call(**fields)
    call.slug = free_slug(Call.objects.all(), fields.get("title_en") or fields.get("title_fr") or "", "call")
    _write(call, techniques, instruments)
    record(call, "create", by=by, after=call.state)
    return call


@transaction.atomic
def edit_call(
    call: Call,
    *,
    by: Any,
    techniques: Iterable[Technique] | None = None,
    instruments: Iterable[Instrument] | None = None,
    **fields: Any,
) -> Call:
    """Change what is given of a draft. Raises Refused `not_a_draft` once it is out: people rely on what they read."""
    call = locked_draft(call, by=by)
    for name, value in fields.items():
        setattr(call, name, value)
    _write(call, techniques, instruments)
    record(call, "edit", by=by, fields=sorted(fields))
    return call


@transaction.atomic
def publish_call(call: Call, *, by: Any) -> Call:
    """Put a draft out and write to everybody it speaks to. Raises Refused with all that is missing, or WrongState."""
    _permit(by, "publish")
    call = _locked(call)
    target = next_state(CALL_MOVES, "publish", call.state)
    hold_training(call)
    if missing := missing_to_publish(call, timezone.now()):
        raise Refused(*missing)
    call.published_at = timezone.now()
    _move(call, "publish", target, by=by)
    call_published.send(Call, call=call)
    interest.announce(call, by=by)
    return call


@transaction.atomic
def extend_call(call: Call, closes_at: datetime, *, by: Any) -> Call:
    """Let a published call close later, even one that has closed; those who were told of it are told.

    Raises Refused `not_later`, `already_past` or `training_too_early`, or WrongState.
    """
    _permit(by, "extend")
    call = _locked(call)
    target = next_state(CALL_MOVES, "extend", call.state)
    if closes_at <= call.closes_at:
        raise Refused(Reason("not_later", _("A call can only be extended: choose a time after its closing.")))
    if closes_at <= timezone.now():
        raise Refused(Reason("already_past", _("This time has already passed. Choose one to come.")))
    hold_training(call)
    if call.training is not None and call.training.starts_at <= closes_at:
        sentence = _("The training of this call begins before the call closes.")
        raise Refused(Reason("training_too_early", sentence))
    before, call.closes_at = call.closes_at, closes_at
    _move(call, "extend", target, by=by, closed=before.isoformat(), closes=closes_at.isoformat())
    call_news.tell_extended(call)
    return call


@transaction.atomic
def withdraw_call(call: Call, *, why: str, by: Any) -> Call:
    """Take a draft or a published call back; whoever opens a published one's address reads the reason.

    Those whose applications are not decided are told; what they wrote stays readable to them.
    """
    _permit(by, "withdraw")
    if not why.strip():
        raise Refused(Reason("no_reason", _("Say why the call is withdrawn; readers of its page are told.")))
    call = _locked(call)
    target = next_state(CALL_MOVES, "withdraw", call.state)
    call.state_note = why.strip()
    _move(call, "withdraw", target, by=by, why=call.state_note)
    call_news.tell_withdrawn(call)
    return call


@transaction.atomic
def decide_call(call: Call, *, by: Any) -> Call:
    """Mark a closed call without applications as decided: no award at all is a valid decision.

    Raises Refused `still_open`, `has_applications` (their outcomes are released, which decides the call), WrongState.
    """
    _permit(by, "decide")
    call = _locked(call)
    target = next_state(CALL_MOVES, "decide", call.state)
    if timezone.now() < call.closes_at:
        raise Refused(Reason("still_open", _("This call has not closed yet.")))
    if Application.objects.filter(call=call).open().exists():
        sentence = _("This call has applications: prepare their outcomes, and release them together.")
        raise Refused(Reason("has_applications", sentence))
    _move(call, "decide", target, by=by)
    return call


@transaction.atomic
def archive_call(call: Call, *, by: Any) -> Call:
    """Take a decided call off the list; its address keeps working."""
    _permit(by, "archive")
    call = _locked(call)
    _move(call, "archive", next_state(CALL_MOVES, "archive", call.state), by=by)
    return call


def locked_draft(call: Call, *, by: Any) -> Call:
    """The call as it is now, locked until the transaction ends. Raises Forbidden, Refused `not_a_draft`."""
    _permit(by, "change")
    call = _locked(call)
    if call.state != CallState.DRAFT:
        raise Refused(Reason("not_a_draft", _("This call is out and can no longer be edited, only extended.")))
    return call


def _permit(by: Any, verb: str) -> None:
    if not by.has_perm(f"calls.{verb}_call"):
        raise Forbidden


def _locked(call: Call) -> Call:
    return Call.objects.select_for_update().get(pk=call.pk)


def _write(call: Call, techniques: Iterable[Technique] | None, instruments: Iterable[Instrument] | None) -> None:
    call.save()
    if techniques is not None:
        call.techniques.set(techniques)
    if instruments is not None:
        call.instruments.set(instruments)


def _move(call: Call, verb: str, target: str, *, by: Any, why: str = "", **details: Any) -> None:
    """Save a locked call in state `target` and write the history."""
    before, call.state = call.state, target
    call.save()
    record(call, verb, by=by, before=before, after=target, why=why, **details)
