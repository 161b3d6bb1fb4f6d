"""The machine of a notification, from its table: every state under every verb."""

import pytest

from portal.notifications.enums import State
from portal.notifications.states import MOVES
from tests.support.moves import check_move

EXPECTED = {
    ("mark", State.PENDING): State.SENDING,
    ("send", State.SENDING): State.SENT,
    ("fail", State.SENDING): State.FAILED,
    ("suppress", State.SENDING): State.SUPPRESSED,
    ("postpone", State.SENDING): State.PENDING,
    ("sweep", State.SENDING): State.PENDING,
    ("merge", State.HELD): State.MERGED,
    ("release", State.HELD): State.PENDING,
    ("withdraw", State.PENDING): State.SUPPRESSED,
    ("withdraw", State.HELD): State.SUPPRESSED,
    ("withdraw", State.MERGED): State.SUPPRESSED,
    ("retry", State.FAILED): State.PENDING,
}


@pytest.mark.parametrize("verb", MOVES)
@pytest.mark.parametrize("state", State)
def test_every_verb_from_every_state(verb: str, state: State) -> None:
    check_move(MOVES, EXPECTED, verb, state)
