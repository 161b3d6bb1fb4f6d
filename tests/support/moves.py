"""Try one verb on one state against a table written by hand, not read from the code."""

from collections.abc import Mapping

import pytest

from portal.core.errors import WrongState
from portal.core.machine import Moves, can_move, next_state


def check_move(moves: Moves, expected: Mapping[tuple[str, str], str], verb: str, state: str) -> None:
    """`expected` maps (verb, from) to the state reached; every other pair must be refused."""
    target = expected.get((verb, state))
    assert can_move(moves, verb, state) is (target is not None)
    if target is not None:
        assert next_state(moves, verb, state) == target
        return
    with pytest.raises(WrongState):
        next_state(moves, verb, state)
