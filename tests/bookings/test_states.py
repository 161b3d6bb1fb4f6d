"""Every state with every verb."""

import pytest

from bookings.enums import BookingState, SessionState
from bookings.states import BOOKING_MOVES, SESSION_MOVES
from tests.support.moves import check_move

BOOKINGS = {
    ("confirm", "requested"): "confirmed",
    ("decline", "requested"): "declined",
    ("lapse", "requested"): "lapsed",
    ("cancel", "held"): "cancelled",
    ("cancel", "requested"): "cancelled",
    ("cancel", "confirmed"): "cancelled",
    ("ask_again", "requested"): "requested",
    ("ask_again", "confirmed"): "requested",
    ("complete", "confirmed"): "completed",
    ("miss", "confirmed"): "missed",
    ("fail", "confirmed"): "failed",
}
SESSIONS = {
    ("queue", "scheduled"): "queued",
    ("prepare", "queued"): "ready",
    ("open", "ready"): "live",
    ("end", "live"): "ended",
    ("fail", "queued"): "failed",
    ("fail", "ready"): "failed",
    ("fail", "live"): "failed",
    ("miss", "ready"): "missed",
    ("cancel", "scheduled"): "cancelled",
    ("cancel", "queued"): "cancelled",
    ("cancel", "ready"): "cancelled",
    ("reschedule", "queued"): "scheduled",
    ("reschedule", "ready"): "scheduled",
}
FINAL_BOOKING = {"declined", "cancelled", "lapsed", "released", "completed", "missed", "failed"}
FINAL_SESSION = {"ended", "failed", "missed", "cancelled"}


@pytest.mark.parametrize("state", BookingState.values)
@pytest.mark.parametrize("verb", BOOKING_MOVES)
def test_bookings(state, verb):
    check_move(BOOKING_MOVES, BOOKINGS, verb, state)


@pytest.mark.parametrize("state", SessionState.values)
@pytest.mark.parametrize("verb", SESSION_MOVES)
def test_sessions(state, verb):
    check_move(SESSION_MOVES, SESSIONS, verb, state)


@pytest.mark.parametrize(
    ("moves", "states", "final"),
    [(BOOKING_MOVES, BookingState, FINAL_BOOKING), (SESSION_MOVES, SessionState, FINAL_SESSION)],
)
def test_every_state_can_be_left_or_is_final(moves, states, final):
    left = {str(source) for sources, _ in moves.values() for source in sources}
    assert set(states.values) - left == final
