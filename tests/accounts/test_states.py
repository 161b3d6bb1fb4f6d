"""Every state of a membership and an organisation against every verb."""

import pytest

from portal.accounts.enums import MembershipState, OrganisationState
from portal.accounts.states import MEMBERSHIP_MOVES, ORGANISATION_MOVES
from tests.support.moves import check_move

MEMBERSHIPS = {
    ("confirm", "requested"): "confirmed",
    ("refuse", "requested"): "refused",
    ("withdraw", "requested"): "ended",
    ("end", "confirmed"): "ended",
}
ORGANISATIONS = {
    ("verify", "proposed"): "verified",
    ("merge", "proposed"): "merged",
    ("merge", "verified"): "merged",
}


@pytest.mark.parametrize("state", MembershipState.values)
@pytest.mark.parametrize("verb", MEMBERSHIP_MOVES)
def test_memberships_move_as_the_table_says_and_not_otherwise(state: str, verb: str) -> None:
    check_move(MEMBERSHIP_MOVES, MEMBERSHIPS, verb, state)


@pytest.mark.parametrize("state", OrganisationState.values)
@pytest.mark.parametrize("verb", ORGANISATION_MOVES)
def test_organisations_move_as_the_table_says_and_not_otherwise(state: str, verb: str) -> None:
    check_move(ORGANISATION_MOVES, ORGANISATIONS, verb, state)
