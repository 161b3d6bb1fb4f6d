"""The machine: every state x every verb, who may, what is left behind."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from instruments import actions, signals
from instruments.enums import InstrumentState
from instruments.models import Instrument
from instruments.rules import MOVERS
from instruments.states import MOVES
from portal.accounts.enums import OrganisationState
from portal.accounts.models import User
from portal.audit.models import Record
from portal.core.errors import Forbidden, Refused, WrongState
from tests.factories.instruments import InstrumentFactory

DEEDS: dict[str, Callable[..., Instrument]] = {verb: getattr(actions, f"{verb}_instrument") for verb in MOVES}
TOLD = {"ask", "refuse", "suspend", "retire"}


def do(verb: str, instrument: Instrument, by: Any) -> Instrument:
    reason = {"why": "The tube is at its end."} if verb in TOLD else {}
    return DEEDS[verb](instrument, by=by, **reason)


def in_state(instrument: Instrument, state: str) -> Instrument:
    Instrument.objects.filter(pk=instrument.pk).update(state=state)
    instrument.refresh_from_db()
    return instrument


def test_every_verb_has_its_people() -> None:
    assert MOVERS.keys() == MOVES.keys()


@pytest.mark.parametrize("state", InstrumentState.values)
@pytest.mark.parametrize("verb", MOVES)
def test_state_by_verb(verb: str, state: str, instrument: Instrument, staff: User) -> None:
    in_state(instrument, state)
    sources, target = MOVES[verb]
    through_proposed = verb == "list" and state == InstrumentState.DRAFT
    if state not in sources and not through_proposed:
        with pytest.raises(WrongState):
            do(verb, instrument, staff)
        instrument.refresh_from_db()
        assert instrument.state == state
        assert not Record.objects.exists()
        return
    do(verb, instrument, staff)
    instrument.refresh_from_db()
    assert instrument.state == target
    newest = Record.objects.first()
    assert (newest.verb, newest.after, newest.by) == (verb, target, staff)
    assert newest.before == (InstrumentState.PROPOSED if through_proposed else state)
    assert instrument.state_note == newest.why == ("The tube is at its end." if verb in TOLD else "")


WHO_MAY = {
    "staff": set(MOVES),
    "admin_user": set(MOVES),
    "operator": {"propose", "resubmit", "suspend", "resume"},
}
NOBODY = ["researcher", "focal_point", "reviewer", "donor", "visitor", "stranger_operator", "stranger_focal_point"]


@pytest.mark.parametrize("who", [*WHO_MAY, *NOBODY])
@pytest.mark.parametrize("verb", MOVES)
def test_who_may(verb: str, who: str, instrument: Instrument, request: pytest.FixtureRequest) -> None:
    person = request.getfixturevalue(who)
    state = sorted(MOVES[verb][0])[0]
    in_state(instrument, state)
    if verb in WHO_MAY.get(who, set()):
        assert do(verb, instrument, person).state == MOVES[verb][1]
        return
    with pytest.raises(Forbidden):
        do(verb, instrument, person)
    instrument.refresh_from_db()
    assert instrument.state == state


@pytest.mark.parametrize("verb", sorted(TOLD))
def test_a_reason_is_asked_for(verb: str, instrument: Instrument, staff: User) -> None:
    in_state(instrument, sorted(MOVES[verb][0])[0])
    with pytest.raises(Refused, match="Say why"):
        DEEDS[verb](instrument, by=staff, why="  ")


@pytest.mark.parametrize(
    ("code", "spoil"),
    [
        ("texts", lambda row: Instrument.objects.filter(pk=row.pk).update(summary_fr="")),
        ("texts", lambda row: Instrument.objects.filter(pk=row.pk).update(name_fr=None)),
        ("techniques", lambda row: row.techniques.clear()),
        ("units", lambda row: row.units.update(is_active=False)),
        ("hours", lambda row: row.opening_hours.all().delete()),
        ("policy", lambda row: row.policy.delete()),
        ("laboratory", lambda row: type(row.organisation).objects.update(state=OrganisationState.PROPOSED)),
    ],
)
def test_what_keeps_it_from_being_listed(code: str, spoil: Callable, instrument: Instrument, staff: User) -> None:
    in_state(instrument, InstrumentState.DRAFT)
    spoil(instrument)
    with pytest.raises(Refused) as refusal:
        actions.list_instrument(instrument, by=staff)
    assert refusal.value.codes == [code]
    instrument.refresh_from_db()
    assert instrument.state == InstrumentState.DRAFT
    assert not Record.objects.exists()


@pytest.mark.parametrize(
    ("verb", "state", "signal"),
    [
        ("list", "proposed", signals.instrument_listed),
        ("suspend", "listed", signals.instrument_suspended),
        ("resume", "suspended", signals.instrument_resumed),
        ("retire", "listed", signals.instrument_retired),
    ],
)
def test_it_is_announced_and_a_listener_that_fails_undoes_it(
    verb: str, state: str, signal: Any, instrument: Instrument, staff: User
) -> None:
    heard = []

    def listen(instrument: Instrument, by: User, **kwargs: Any) -> None:
        heard.append((instrument.state, by))
        raise IntegrityError("a booking could not be told")

    in_state(instrument, state)
    signal.connect(listen, weak=False)
    try:
        with pytest.raises(IntegrityError), transaction.atomic():
            do(verb, instrument, staff)
    finally:
        signal.disconnect(listen)
    assert heard == [(MOVES[verb][1], staff)]
    instrument.refresh_from_db()
    assert instrument.state == state
    assert not Record.objects.exists()


def test_the_row_is_looked_at_again(staff: User, instrument: Instrument) -> None:
    stale = Instrument.objects.get(pk=instrument.pk)
    do("suspend", instrument, staff)
    with pytest.raises(WrongState):
        do("suspend", stale, staff)


def test_an_operator_of_two_laboratories_runs_both(operator: User, instrument: Instrument) -> None:
    other = InstrumentFactory(organisation=instrument.organisation)
    assert set(Instrument.objects.run_by(operator)) == {instrument, other}
