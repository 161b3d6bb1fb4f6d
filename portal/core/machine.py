"""State machines as tables: verb -> (states it leaves, state it reaches)."""

from collections.abc import Collection, Mapping

from portal.core.errors import WrongState

Moves = Mapping[str, tuple[Collection[str], str]]


def next_state(moves: Moves, verb: str, current: str) -> str:
    """Return the state `verb` leads to from `current`; raise WrongState when it leads nowhere."""
    sources, target = moves[verb]
    if current not in sources:
        raise WrongState(verb, current)
    return target


def can_move(moves: Moves, verb: str, current: str) -> bool:
    """Whether a button for `verb` makes sense on a row in state `current`."""
    return current in moves[verb][0]
