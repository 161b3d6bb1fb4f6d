"""Every state of trainings, places and wishes with every verb."""

import pytest

from instruments.enums import PlaceState, TrainingState, WishState
from instruments.states import PLACE_MOVES, TRAINING_MOVES, WISH_MOVES
from tests.support.moves import check_move

TRAININGS = {
    ("publish", "draft"): "published",
    ("hold", "published"): "held",
    ("close", "held"): "closed",
    ("cancel", "draft"): "cancelled",
    ("cancel", "published"): "cancelled",
}
PLACES = {
    ("give", "requested"): "given",
    ("give", "refused"): "given",
    ("refuse", "requested"): "refused",
    ("refuse", "given"): "refused",
    ("withdraw", "requested"): "withdrawn",
    ("withdraw", "given"): "withdrawn",
    ("ask_again", "withdrawn"): "requested",
}
WISHES = {("answer", "waiting"): "answered", ("leave", "waiting"): "left"}


@pytest.mark.parametrize("state", TrainingState.values)
@pytest.mark.parametrize("verb", TRAINING_MOVES)
def test_trainings(state, verb):
    check_move(TRAINING_MOVES, TRAININGS, verb, state)


@pytest.mark.parametrize("state", PlaceState.values)
@pytest.mark.parametrize("verb", PLACE_MOVES)
def test_places(state, verb):
    check_move(PLACE_MOVES, PLACES, verb, state)


@pytest.mark.parametrize("state", WishState.values)
@pytest.mark.parametrize("verb", WISH_MOVES)
def test_wishes(state, verb):
    check_move(WISH_MOVES, WISHES, verb, state)
