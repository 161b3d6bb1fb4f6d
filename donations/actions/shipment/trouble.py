"""What goes wrong: damaged, lost, abandoned; and what then becomes of matches, needs and offers."""

from typing import Any

from django.utils.translation import gettext as _

from donations.actions.shipment.held import check, locked, locked_whole, move
from donations.actions.shipment.money import free_money
from donations.actions.shipment.pieces import hand_back
from donations.actions.shipment.telling import both_sides, maker, tell
from donations.enums import ShipmentState
from donations.models import Shipment
from donations.notices import shipment as notices
from portal.core.errors import Reason, Refused
from portal.core.retry import in_transaction


def report_damage(shipment: Shipment, *, by: Any, why: str) -> Shipment:
    """Something broke; nothing is given up yet: it is repaired, or the shipment abandoned. Raises as below."""
    check(by, "damage", shipment)
    _check_reason(why)

    def deed() -> Shipment:
        row = locked(shipment)
        move(row, "damage", by=by, why=why, trouble=why)
        tell(notices.SHIPMENT_DAMAGED, row, [*both_sides(row), *maker(row)], by=by, why=why)
        return row

    return in_transaction(deed)


def lose_shipment(shipment: Shipment, *, by: Any, why: str) -> Shipment:
    """It will not come: its pieces are gone and the needs ask again. Raises Forbidden, WrongState, "no_reason"."""
    check(by, "lose", shipment)
    _check_reason(why)

    def deed() -> Shipment:
        row, matches = locked_whole(shipment)
        move(row, "lose", by=by, why=why, trouble=why)
        hand_back(row, matches, by=by, why=why, are_lost=True)
        tell(notices.SHIPMENT_LOST, row, [*both_sides(row), *maker(row)], by=by, why=why)
        return row

    return in_transaction(deed)


def abandon_shipment(shipment: Shipment, *, by: Any, why: str, goes_back: bool = False) -> Shipment:
    """Give it up. Before it leaves, everything is the donor's again and a pledge's money is free.

    What is held on its way either `goes_back` to the donor, or is gone; what is damaged is gone. The needs ask again.
    Raises Forbidden, WrongState, Refused "no_reason".
    """
    check(by, "abandon", shipment)
    _check_reason(why)

    def deed() -> Shipment:
        row, matches = locked_whole(shipment)
        before = row.state
        are_lost = before == ShipmentState.DAMAGED or (before == ShipmentState.HELD and not goes_back)
        move(row, "abandon", by=by, why=why, trouble=why, details={"are_lost": are_lost})
        hand_back(row, matches, by=by, why=why, are_lost=are_lost)
        if before == ShipmentState.FUNDED:
            free_money(row, by=by)
        tell(notices.SHIPMENT_ABANDONED, row, [*both_sides(row), *maker(row)], by=by, why=why)
        return row

    return in_transaction(deed)


def _check_reason(why: str) -> None:
    if not why.strip():
        raise Refused(Reason("no_reason", _("Say why; those concerned are told.")))
