"""What every deed on a need, an offer or what follows from them does: hold the row, look again, move it, note it."""

from typing import Any, TypeVar

from donations.models import FollowUp, Match, Need, Offer, Pledge, Shipment
from donations.states import FOLLOW_UP_MOVES, MATCH_MOVES, NEED_MOVES, OFFER_MOVES, PLEDGE_MOVES, SHIPMENT_MOVES
from portal.audit.actions import record
from portal.core.machine import Moves, next_state

MOVES: dict[type[Any], Moves] = {
    Need: NEED_MOVES,
    Offer: OFFER_MOVES,
    Match: MATCH_MOVES,
    Shipment: SHIPMENT_MOVES,
    Pledge: PLEDGE_MOVES,
    FollowUp: FOLLOW_UP_MOVES,
}
T = TypeVar("T", bound=Need | Offer | Match | Shipment | Pledge | FollowUp)


def locked(row: T) -> T:
    """The row as it is now, held until the transaction ends, with what lists show.

    Rows are locked in one order: needs, offers, matches, shipments, pledges; of a sort by primary key.
    """
    rows: Any = type(row).objects.select_for_update(of=("self",), no_key=True)
    listed = rows.for_list() if hasattr(rows, "for_list") else rows
    found: T = listed.get(pk=row.pk)
    return found


def move(row: T, verb: str, *, by: Any = None, why: str = "", fields: Any = (), **details: Any) -> T:
    """Move a locked row, save it with `fields` that the caller has set, and note it. Raises WrongState."""
    before = row.state
    row.state = next_state(MOVES[type(row)], verb, before)
    row.save(update_fields=["state", "updated_at", *fields])
    record(row, verb, by=by, before=before, after=row.state, why=why, **details)
    return row
