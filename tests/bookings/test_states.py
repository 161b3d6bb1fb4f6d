"""Every state with every verb."""

import pytest

from bookings.enums import BookingState, SampleState, SessionState, StandbyState, WaitlistState
from bookings.states import BOOKING_MOVES, SAMPLE_MOVES, SESSION_MOVES, STANDBY_MOVES, WAITLIST_MOVES
from tests.support.moves import check_move

BOOKINGS = {
    ("accept", "held"): "confirmed",
    ("accept_to_ask", "held"): "requested",
    ("expire", "held"): "released",
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
    ("miss", "live"): "missed",
    ("cancel", "scheduled"): "cancelled",
    ("cancel", "queued"): "cancelled",
    ("cancel", "ready"): "cancelled",
    ("reschedule", "queued"): "scheduled",
    ("reschedule", "ready"): "scheduled",
    ("resume", "cancelled"): "scheduled",
}
WAITLIST = {
    ("offer", "waiting"): "offered",
    ("serve", "offered"): "served",
    ("wait_on", "offered"): "waiting",
    ("leave", "waiting"): "left",
    ("leave", "offered"): "left",
    ("expire", "waiting"): "expired",
}
STANDBY = {
    ("call", "waiting"): "called",
    ("serve", "called"): "served",
    ("pass", "called"): "passed",
    ("wait_on", "called"): "waiting",
    ("leave", "waiting"): "left",
    ("leave", "called"): "left",
}
SAMPLES = {
    ("ship", "declared"): "shipped",
    ("receive", "declared"): "received",
    ("receive", "shipped"): "received",
    ("mount", "received"): "mounted",
    ("dismount", "mounted"): "received",
    ("give_back", "received"): "returned",
    ("destroy", "received"): "destroyed",
    ("consume", "received"): "consumed",
    ("consume", "mounted"): "consumed",
    ("lose", "shipped"): "lost",
    ("refuse", "declared"): "refused",
    ("refuse", "received"): "refused",
}
FINAL_BOOKING = {"declined", "cancelled", "lapsed", "released", "completed", "missed", "failed"}
FINAL_SESSION = {"ended", "failed", "missed"}
FINAL_WAITLIST = {"served", "left", "expired"}
FINAL_STANDBY = {"served", "passed", "left"}
FINAL_SAMPLE = {"returned", "destroyed", "consumed", "lost", "refused"}


@pytest.mark.parametrize("state", BookingState.values)
@pytest.mark.parametrize("verb", BOOKING_MOVES)
def test_bookings(state, verb):
    check_move(BOOKING_MOVES, BOOKINGS, verb, state)


@pytest.mark.parametrize("state", SessionState.values)
@pytest.mark.parametrize("verb", SESSION_MOVES)
def test_sessions(state, verb):
    check_move(SESSION_MOVES, SESSIONS, verb, state)


@pytest.mark.parametrize("state", WaitlistState.values)
@pytest.mark.parametrize("verb", WAITLIST_MOVES)
def test_places_on_the_waiting_list(state, verb):
    check_move(WAITLIST_MOVES, WAITLIST, verb, state)


@pytest.mark.parametrize("state", StandbyState.values)
@pytest.mark.parametrize("verb", STANDBY_MOVES)
def test_places_in_stand_by_queues(state, verb):
    check_move(STANDBY_MOVES, STANDBY, verb, state)


@pytest.mark.parametrize("state", SampleState.values)
@pytest.mark.parametrize("verb", SAMPLE_MOVES)
def test_samples(state, verb):
    check_move(SAMPLE_MOVES, SAMPLES, verb, state)


@pytest.mark.parametrize(
    ("moves", "states", "final"),
    [
        (BOOKING_MOVES, BookingState, FINAL_BOOKING),
        (SESSION_MOVES, SessionState, FINAL_SESSION),
        (WAITLIST_MOVES, WaitlistState, FINAL_WAITLIST),
        (STANDBY_MOVES, StandbyState, FINAL_STANDBY),
        (SAMPLE_MOVES, SampleState, FINAL_SAMPLE),
    ],
)
def test_every_state_can_be_left_or_is_final(moves, states, final):
    left = {str(source) for sources, _ in moves.values() for source in sources}
    assert set(states.values) - left == final
