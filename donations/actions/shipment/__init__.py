"""Every deed on a shipment."""

from donations.actions.shipment.arrival import (
    Short,
    close_shipment,
    put_to_use,
    receive_shipment,
    repair_shipment,
)
from donations.actions.shipment.making import add_match, change_details, make_shipment, take_out
from donations.actions.shipment.money import (
    add_quotation,
    change_payer,
    choose_quotation,
    fund_shipment,
    remove_quotation,
)
from donations.actions.shipment.parcels import Packed, add_parcel, change_parcel, remove_parcel
from donations.actions.shipment.trouble import abandon_shipment, lose_shipment, report_damage
from donations.actions.shipment.way import add_events, hold_shipment, lacks, move_on, send_shipment

__all__ = [
    "Packed",
    "Short",
    "abandon_shipment",
    "add_events",
    "add_match",
    "add_parcel",
    "add_quotation",
    "change_details",
    "change_parcel",
    "change_payer",
    "choose_quotation",
    "close_shipment",
    "fund_shipment",
    "hold_shipment",
    "lacks",
    "lose_shipment",
    "make_shipment",
    "move_on",
    "put_to_use",
    "receive_shipment",
    "remove_parcel",
    "remove_quotation",
    "repair_shipment",
    "report_damage",
    "send_shipment",
    "take_out",
]
