"""What every deed on a need or an offer does: hold the row, look again, move it, note it."""

from typing import Any, TypeVar

from donations.models import Need, Offer
from donations.states import NEED_MOVES, OFFER_MOVES
from portal.audit.actions import record
from portal.core.machine import Moves, next_state

MOVES: dict[type[Any], Moves] = {Need: NEED_MOVES, Offer: OFFER_MOVES}
T = TypeVar("T", Need, Offer)


def locked(thing: T) -> T:
    """The row as it is now, held until the transaction ends, with what lists show. Needs before offers."""
    rows = type(thing).objects.select_for_update(of=("self",), no_key=True)
    found: T = rows.for_list().get(pk=thing.pk)
    return found


def move(thing: T, verb: str, *, by: Any = None, why: str = "", fields: tuple[str, ...] = (), **details: Any) -> T:
    """Move a locked row, save it with `fields` that the caller has set, and note it. Raises WrongState."""
    before = thing.state
    thing.state = next_state(MOVES[type(thing)], verb, before)
    thing.save(update_fields=["state", "updated_at", *fields])
    record(thing, verb, by=by, before=before, after=thing.state, why=why, **details)
    return thing
