"""The moves of an instrument along its machine."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from instruments import signals
from instruments.actions.agreement import close_agreements
from instruments.actions.locking import lock
from instruments.actions.operating import no_longer_ask
from instruments.actions.telling import operators_of, tell_operators, tell_staff
from instruments.enums import InstrumentState
from instruments.models import Instrument, Policy
from instruments.proposal_steps import missing
from instruments.states import MOVES
from portal.accounts.enums import OrganisationState
from portal.audit.actions import record
from portal.core.errors import Reason, Refused
from portal.core.machine import next_state
from portal.core.retry import in_transaction


def propose_instrument(instrument: Instrument, *, by: Any) -> Instrument:
    """Hand it to staff. Raises Refused with what a laboratory's proposal still has to say."""
    return _hand_in(instrument, "propose", by)


def ask_instrument(instrument: Instrument, *, by: Any, why: str) -> Instrument:
    """Send it back to those who proposed it, with what is missing."""
    return _move(instrument, "ask", by, _told(why))


def resubmit_instrument(instrument: Instrument, *, by: Any) -> Instrument:
    return _hand_in(instrument, "resubmit", by)


@transaction.atomic
def list_instrument(instrument: Instrument, *, by: Any) -> Instrument:
    """Open it to everybody. Staff list their own draft in one go, by way of proposed.

    Raises Refused with every gap that keeps it from being listed.
    """
    fresh = lock(instrument, "list", by)
    if fresh.state == InstrumentState.DRAFT:
        fresh = _move(fresh, "propose", by)
    next_state(MOVES, "list", fresh.state)
    if gaps := gaps_before_listing(fresh):
        raise Refused(*gaps)
    fresh = _move(fresh, "list", by)
    signals.instrument_listed.send(Instrument, instrument=fresh, by=by)
    return fresh


def refuse_instrument(instrument: Instrument, *, by: Any, why: str) -> Instrument:
    return _finish(instrument, "refuse", by, _told(why))


@transaction.atomic
def withdraw_instrument(instrument: Instrument, *, by: Any) -> Instrument:
    """Throw a proposal away before it is answered: who proposed it, or staff what they wrote themselves."""
    fresh = _finish(instrument, "withdraw", by)
    no_longer_ask(fresh.organisation_id, by=by)
    return fresh


@transaction.atomic
def suspend_instrument(instrument: Instrument, *, by: Any, why: str) -> Instrument:
    """Take no new bookings for now; the page says so, and why."""
    fresh = _move(instrument, "suspend", by, _told(why))
    signals.instrument_suspended.send(Instrument, instrument=fresh, by=by)
    return fresh


@transaction.atomic
def resume_instrument(instrument: Instrument, *, by: Any) -> Instrument:
    fresh = _move(instrument, "resume", by)
    signals.instrument_resumed.send(Instrument, instrument=fresh, by=by)
    return fresh


def retire_instrument(instrument: Instrument, *, by: Any, why: str) -> Instrument:
    """Close it for good; agreements on it end. What apps above end with it may be locked by others: after a deadlock it
    starts again.
    """

    def deed() -> Instrument:
        fresh = _finish(instrument, "retire", by, _told(why))
        signals.instrument_retired.send(Instrument, instrument=fresh, by=by)
        return fresh

    return in_transaction(deed)


def gaps_before_listing(instrument: Instrument) -> list[Reason]:
    """What keeps the instrument from being listed, each as a sentence; empty when nothing does."""
    texts = [getattr(instrument, f"{field}_{language}") for field in ("name", "summary") for language in ("en", "fr")]
    checks = [
        ("texts", all(texts), _("Give the name and the summary in English and in French.")),
        ("techniques", instrument.techniques.exists(), _("Choose at least one technique.")),
        ("units", instrument.units.filter(is_active=True).exists(), _("Add at least one unit that is in service.")),
        ("hours", instrument.opening_hours.exists(), _("Give the opening hours.")),
        ("policy", Policy.objects.filter(instrument=instrument).exists(), _("Give the booking policy.")),
        (
            "laboratory",
            instrument.organisation.state == OrganisationState.VERIFIED,
            _("The host laboratory is not verified yet."),
        ),
        (
            "operator",
            instrument.proposed_by_id is None or bool(operators_of(instrument)),
            _("Nobody is confirmed as an operator of the laboratory yet."),
        ),
    ]
    return [Reason(code, sentence) for code, passed, sentence in checks if not passed]


def gaps_before_proposing(instrument: Instrument) -> list[Reason]:
    """What a laboratory's proposal still has to say, each as a sentence; one that staff wrote lacks nothing."""
    if instrument.proposed_by_id is None:
        return []
    return [Reason("missing", sentence) for _step, sentence in missing(instrument)]


@transaction.atomic
def _hand_in(instrument: Instrument, verb: str, by: Any) -> Instrument:
    fresh = lock(instrument, verb, by)
    next_state(MOVES, verb, fresh.state)
    if gaps := gaps_before_proposing(fresh):
        raise Refused(*gaps)
    fresh = _move(fresh, verb, by)
    tell_staff(fresh, by=by)
    return fresh


@transaction.atomic
def _finish(instrument: Instrument, verb: str, by: Any, why: str = "") -> Instrument:
    """A move after which it is not offered any more: what was agreed on it ends with it."""
    fresh = _move(instrument, verb, by, why)
    close_agreements(fresh, by=by, why=why)
    return fresh


@transaction.atomic
def _move(instrument: Instrument, verb: str, by: Any, why: str = "") -> Instrument:
    """Lock, look again, move, save, record, tell. `why` becomes the note beside the state."""
    fresh = lock(instrument, verb, by)
    before, fresh.state = fresh.state, next_state(MOVES, verb, fresh.state)
    fresh.state_note = why
    fresh.save(update_fields=["state", "state_note", "updated_at"])
    record(fresh, verb, by=by, before=before, after=fresh.state, why=why)
    tell_operators(fresh, verb, why, by=by)
    return fresh


def _told(why: str) -> str:
    """Return the reason, stripped. Raises Refused when there is none."""
    if not why.strip():
        raise Refused(Reason("reason", _("Say why, in a sentence: those concerned read it.")))
    return why.strip()
