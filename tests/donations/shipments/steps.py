"""What tests of shipments do again and again."""

from decimal import Decimal

from donations.actions.shipment import Packed
from donations.models import Match, Shipment
from portal.audit.actions import history_of
from portal.notifications.models import Notification


def packed(lines: dict[Match, int], weight_kg: str = "120", **fields) -> Packed:
    sizes = {"weight_kg": Decimal(weight_kg), "length_cm": 120, "width_cm": 80, "height_cm": 100} | fields
    return Packed(lines={match.pk: number for match, number in lines.items()}, **sizes)


def pack(shipment: Shipment, made: Packed) -> None:
    """A parcel, without the checks of the action."""
    parcel = shipment.parcels.create(
        number=shipment.parcels.count() + 1,
        weight_kg=made.weight_kg,
        length_cm=made.length_cm,
        width_cm=made.width_cm,
        height_cm=made.height_cm,
    )
    for key, number in made.lines.items():
        parcel.lines.create(match_id=key, quantity=number)


def numbers(match: Match) -> dict[str, object]:
    """What need and offer of a match say of themselves."""
    need, offer = type(match.need).objects.get(pk=match.need_id), type(match.offer).objects.get(pk=match.offer_id)
    return {
        "need": (need.state, need.quantity_matched),
        "offer": (offer.state, offer.quantity_matched, offer.quantity_lost),
    }


def told(what: str) -> set[str]:
    """The addresses that hear of a shipment in this way."""
    kind = f"donations.shipment_{what}"
    return set(Notification.objects.filter(kind=kind).values_list("address", flat=True))


def verbs(row) -> list[str]:
    return [entry.verb for entry in history_of(row)][::-1]
