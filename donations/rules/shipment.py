"""Who may do what to a shipment: staff, who sends it, who receives it."""

from typing import Any

from donations.models import Shipment
from donations.querysets.shipment import OVER
from donations.states import SHIPMENT_MOVES
from portal.core.machine import can_move

MAKES, REPORTS, RECEIVES = "make", "report", "receive"
BOTH = frozenset({REPORTS, RECEIVES})
# Staff have all three sides; whoever has one of those named may make the move.
WHO: dict[str, frozenset[str]] = {
    "quote": frozenset({MAKES}),
    "fund": frozenset({MAKES}),
    "send": frozenset({REPORTS}),
    "reach_customs": BOTH,
    "clear_customs": BOTH,
    "hold": BOTH,
    "resume": BOTH,
    "receive": frozenset({RECEIVES}),
    "install": frozenset({RECEIVES}),
    "use": frozenset({RECEIVES}),
    "close": frozenset({MAKES}),
    "damage": BOTH,
    "repair": frozenset({RECEIVES}),
    "abandon": frozenset({MAKES}),
    "lose": frozenset({MAKES}),
}


def sides_of(user: Any, shipment: Shipment) -> frozenset[str]:
    """Which of MAKES, REPORTS and RECEIVES the person is; nothing: a stranger."""
    return frozenset(
        side for side in (MAKES, REPORTS, RECEIVES) if user.has_perm(f"donations.{side}_shipment", shipment)
    )


def can_remove_photo(user: Any, shipment: Shipment, photo: Any) -> bool:
    """Who put it there, or staff; once the shipment is over its photographs stay with it."""
    return shipment.state not in OVER and (user.is_staff or (photo.by_id is not None and photo.by_id == user.pk))


def verbs_for(sides: frozenset[str], shipment: Shipment) -> set[str]:
    """The moves that lead on from its state and are theirs."""
    return {verb for verb, who in WHO.items() if who & sides and can_move(SHIPMENT_MOVES, verb, shipment.state)}
