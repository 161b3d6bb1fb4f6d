"""Every state of a membership and an organisation against every verb."""

import pytest

from portal.accounts.enums import MembershipState, OrganisationState
from portal.accounts.states import MEMBERSHIP_MOVES, ORGANISATION_MOVES
from portal.core.errors import WrongState
from portal.core.machine import next_state

MEMBERSHIPS = {
    ("requested", "confirm"): "confirmed",
    ("requested", "refuse"): "refused",
    ("requested", "withdraw"): "ended",
    ("confirmed", "end"): "ended",
}
ORGANISATIONS = {("proposed", "verify"): "verified"}


@pytest.mark.parametrize("state", MembershipState.values)
@pytest.mark.parametrize("verb", MEMBERSHIP_MOVES)
def test_memberships_move_as_the_table_says_and_not_otherwise(state: str, verb: str) -> None:
    _try(MEMBERSHIP_MOVES, MEMBERSHIPS, state, verb)


@pytest.mark.parametrize("state", OrganisationState.values)
@pytest.mark.parametrize("verb", ORGANISATION_MOVES)
def test_organisations_move_as_the_table_says_and_not_otherwise(state: str, verb: str) -> None:
    _try(ORGANISATION_MOVES, ORGANISATIONS, state, verb)


def _try(moves: dict, wanted: dict, state: str, verb: str) -> None:
    if (state, verb) in wanted:
        assert next_state(moves, verb, state) == wanted[state, verb]
    else:
        with pytest.raises(WrongState):
            next_state(moves, verb, state)
