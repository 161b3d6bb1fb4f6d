"""What every deed on a shipment does: lock in one order, look again, move, note it.

Needs, offers and matches are locked before the shipment, pledges after it.
"""

from typing import Any

from django.utils.translation import gettext as _

from donations.actions import moving
from donations.actions.moving import locked
from donations.enums import MatchState
from donations.models import Match, Need, Offer, Shipment
from donations.rules.shipment import WHO, sides_of
from portal.core.errors import Forbidden, Reason, Refused

__all__ = ["check", "check_side", "locked", "locked_whole", "move", "open_matches"]


def check(by: Any, verb: str, shipment: Shipment) -> None:
    """Raise Forbidden where this move is not theirs."""
    if not WHO[verb] & sides_of(by, shipment):
        raise Forbidden


def check_side(by: Any, side: str, shipment: Shipment) -> None:
    if not by.has_perm(f"donations.{side}_shipment", shipment):
        raise Forbidden


def locked_whole(shipment: Shipment) -> tuple[Shipment, list[Match]]:
    """The shipment and its open matches, each with its need and offer, all locked. Raises Refused "changed"."""
    seen = sorted(_open(shipment))
    needs, offers = (_rows(model, [key[place] for key in seen]) for place, model in ((1, Need), (2, Offer)))
    matches = _rows(Match, [key[0] for key in seen])
    row = locked(shipment)
    if sorted(_open(row)) != seen:
        raise Refused(Reason("changed", _("What is in this shipment has changed in the meantime. Look again.")))
    for match in matches.values():
        match.need, match.offer = needs[match.need_id], offers[match.offer_id]
    return row, list(matches.values())


def open_matches(shipment: Shipment) -> list[Match]:
    """Those still to be delivered, with what their lines show."""
    rows = Match.objects.filter(places__shipment=shipment, places__is_open=True, state=MatchState.ACCEPTED)
    return list(rows.for_list().order_by("pk"))


def move(row: Shipment, verb: str, *, by: Any, why: str = "", details: Any = None, **columns: Any) -> None:
    """Move a locked shipment, with the columns that go with it. Raises WrongState."""
    for name, value in columns.items():
        setattr(row, name, value)
    moving.move(row, verb, by=by, why=why, fields=tuple(columns), **(details or {}))


def _open(shipment: Shipment) -> list[tuple[int, int, int]]:
    places = shipment.places.filter(is_open=True, match__state=MatchState.ACCEPTED)
    return list(places.values_list("match_id", "match__need_id", "match__offer_id"))


def _rows(model: Any, keys: list[int]) -> dict[int, Any]:
    """Those rows as they are now, locked in the order of their keys."""
    rows = model.objects.for_list().select_for_update(of=("self",), no_key=True)
    return {row.pk: row for row in rows.filter(pk__in=keys).order_by("pk")}
