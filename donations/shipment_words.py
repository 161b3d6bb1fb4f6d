"""What was done to a shipment, in words."""

from django.utils.translation import gettext_lazy, pgettext_lazy

from donations.enums import ShipmentState as S
from donations.models import Shipment
from portal.audit.actions import history_of
from portal.audit.models import Record

SHOWN = 50
DEEDS = {
    "make": pgettext_lazy("shipment", "Prepared"),
    "add_match": gettext_lazy("Something was put in"),
    "take_out": gettext_lazy("Something was taken out"),
    "change": pgettext_lazy("shipment", "Addresses and terms were changed"),
    "pack": gettext_lazy("A parcel was packed"),
    "unpack": gettext_lazy("A parcel was taken away"),
    "quote": gettext_lazy("Quoted"),
    "add_quotation": gettext_lazy("Another quotation came"),
    "remove_quotation": gettext_lazy("A quotation was removed"),
    "choose": gettext_lazy("A quotation was chosen"),
    "fund": gettext_lazy("Paid for"),
    "change_payer": gettext_lazy("Somebody else pays"),
    "send": pgettext_lazy("shipment", "Sent"),
    "track": gettext_lazy("Seen on its way"),
    "reach_customs": gettext_lazy("Reached customs"),
    "clear_customs": gettext_lazy("Customs let it pass"),
    "hold": pgettext_lazy("shipment", "Held"),
    "resume": gettext_lazy("Goes on"),
    "receive": pgettext_lazy("shipment", "Received"),
    "add_photo": gettext_lazy("A photograph was added"),
    "install": gettext_lazy("Installed"),
    "use": gettext_lazy("In use"),
    "close": pgettext_lazy("shipment", "Closed"),
    "damage": gettext_lazy("Damaged"),
    "repair": gettext_lazy("Repaired"),
    "abandon": gettext_lazy("Abandoned"),
    "lose": gettext_lazy("Lost"),
}


PROGRESS = (
    (pgettext_lazy("shipment", "Prepared"), {S.DRAFT, S.QUOTED}),
    (gettext_lazy("Paid for"), {S.FUNDED}),
    (gettext_lazy("On its way"), {S.IN_TRANSIT, S.CUSTOMS, S.HELD}),
    (pgettext_lazy("shipment", "Received"), {S.RECEIVED, S.INSTALLED}),
    (gettext_lazy("In use"), {S.IN_USE}),
    (pgettext_lazy("shipment", "Closed"), {S.CLOSED}),
)


def progress_in_words(shipment: Shipment) -> list[tuple[str, str]]:
    """The stages with "done", "now" or nothing; none of a shipment that was given up or lost."""
    state = shipment.state
    if state == S.DAMAGED:
        state = S.RECEIVED if shipment.received_on else S.IN_TRANSIT
    now = next((place for place, (_words, states) in enumerate(PROGRESS) if state in states), None)
    if now is None:
        return []
    marks = ["done"] * now + ["done" if state == S.CLOSED else "now"] + [""] * len(PROGRESS)
    return [(str(words), mark) for (words, _states), mark in zip(PROGRESS, marks, strict=False)]


def history_in_words(shipment: Shipment) -> list[tuple[str, Record]]:
    """The newest deeds, each with its record."""
    return [(str(DEEDS.get(entry.verb, entry.verb)), entry) for entry in history_of(shipment)[:SHOWN]]
