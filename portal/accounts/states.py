"""The moves of organisations and memberships."""

from portal.accounts.enums import MembershipState as M
from portal.accounts.enums import OrganisationState as O

ORGANISATION_MOVES = {
    "verify": ({O.PROPOSED}, O.VERIFIED),
    "merge": ({O.PROPOSED, O.VERIFIED}, O.MERGED),  # its rows and its address lead to another
}

# confirm, refuse: those entitled, never the person; withdraw: the person; end: both.
MEMBERSHIP_MOVES = {
    "confirm": ({M.REQUESTED}, M.CONFIRMED),
    "refuse": ({M.REQUESTED}, M.REFUSED),
    "withdraw": ({M.REQUESTED}, M.ENDED),
    "end": ({M.CONFIRMED}, M.ENDED),
}
