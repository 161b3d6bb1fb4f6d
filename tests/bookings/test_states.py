"""Every state with every verb, from the tables themselves."""

import pytest

from bookings.enums import BookingState, SessionState
from bookings.states import BOOKING_MOVES, SESSION_MOVES
from portal.core.errors import WrongState
from portal.core.machine import can_move, next_state

FINAL_BOOKING = {"declined", "cancelled", "lapsed", "released", "completed", "missed", "failed"}
FINAL_SESSION = {"ended", "failed", "missed", "cancelled"}


@pytest.mark.parametrize("state", BookingState)
@pytest.mark.parametrize("verb", BOOKING_MOVES)
def test_bookings(state, verb):
    _try(BOOKING_MOVES, verb, state)


@pytest.mark.parametrize("state", SessionState)
@pytest.mark.parametrize("verb", SESSION_MOVES)
def test_sessions(state, verb):
    _try(SESSION_MOVES, verb, state)


def _try(moves, verb, state):
    sources, target = moves[verb]
    assert can_move(moves, verb, state) is (state in sources)
    if state in sources:
        assert next_state(moves, verb, state) == target
    else:
        with pytest.raises(WrongState):
            next_state(moves, verb, state)


@pytest.mark.parametrize(
    ("moves", "states", "final"),
    [(BOOKING_MOVES, BookingState, FINAL_BOOKING), (SESSION_MOVES, SessionState, FINAL_SESSION)],
)
def test_every_state_can_be_left_or_is_final(moves, states, final):
    left = {source for sources, _ in moves.values() for source in sources}
    assert {str(state) for state in states} - {str(state) for state in left} == final
