"""Every state with every verb, for applications and reviews."""

import pytest

from calls.enums import ApplicationState, ReviewState
from calls.states import APPLICATION_MOVES, REVIEW_MOVES
from tests.support.moves import check_move

APPLICATIONS = {
    ("submit", "draft"): "screening",
    ("ask", "screening"): "returned",
    ("answer", "returned"): "screening",
    ("pass_screening", "screening"): "feasibility",
    ("pass_to_review", "screening"): "review",
    ("pass_feasibility", "feasibility"): "review",
    ("prepare", "screening"): "prepared",
    ("prepare", "feasibility"): "prepared",
    ("prepare", "review"): "prepared",
    ("prepare", "prepared"): "prepared",
    ("release_award", "prepared"): "awarded",
    ("release_reserve", "prepared"): "reserved",
    ("release_decline", "prepared"): "declined",
    ("step_up", "reserved"): "awarded",
    ("withdraw", "draft"): "withdrawn",
    ("withdraw", "returned"): "withdrawn",
    ("withdraw", "screening"): "withdrawn",
    ("withdraw", "feasibility"): "withdrawn",
    ("withdraw", "review"): "withdrawn",
    ("withdraw", "prepared"): "withdrawn",
    ("lapse", "draft"): "lapsed",
    ("lapse", "returned"): "lapsed",
    ("lapse", "reserved"): "lapsed",
}
REVIEWS = {
    ("save", "assigned"): "assigned",
    ("submit", "assigned"): "submitted",
    ("reopen", "submitted"): "assigned",
    ("declare_conflict", "assigned"): "conflict",
    ("declare_conflict", "submitted"): "conflict",
}
FINAL_APPLICATION = {"awarded", "declined", "withdrawn", "lapsed"}
FINAL_REVIEW = {"conflict"}


@pytest.mark.parametrize("state", ApplicationState.values)
@pytest.mark.parametrize("verb", APPLICATION_MOVES)
def test_applications(state, verb):
    check_move(APPLICATION_MOVES, APPLICATIONS, verb, state)


@pytest.mark.parametrize("state", ReviewState.values)
@pytest.mark.parametrize("verb", REVIEW_MOVES)
def test_reviews(state, verb):
    check_move(REVIEW_MOVES, REVIEWS, verb, state)


@pytest.mark.parametrize(
    ("moves", "states", "final"),
    [(APPLICATION_MOVES, ApplicationState, FINAL_APPLICATION), (REVIEW_MOVES, ReviewState, FINAL_REVIEW)],
)
def test_every_state_can_be_left_or_is_final(moves, states, final):
    left = {str(source) for sources, _ in moves.values() for source in sources}
    assert set(states.values) - left == final
