"""Messages about shipments: what is on its way, what came, what went wrong."""

from functools import partial
from typing import Any

from donations.enums import ShipmentState as S
from donations.models import Shipment
from portal.notifications.kinds import Context, Kind, register
from portal.notifications.links import absolute


def _about(data: dict[str, Any], *, states: tuple[S, ...]) -> Context | None:
    """What the words need; None when the shipment has left the states in which the message makes sense."""
    rows = Shipment.objects.for_list().filter(pk=data["shipment"])
    shipment = (rows.filter(state__in=states) if states else rows).first()
    if shipment is None:
        return None
    return {
        "shipment": shipment,
        "matches": list(shipment.matches.select_related("offer", "need").order_by("pk")),
        "url": absolute(shipment.get_absolute_url()),
        "why": data.get("why", ""),
    }


def _kind(name: str, *states: S) -> Kind:
    return register(Kind(f"donations.shipment_{name}", partial(_about, states=states)))


CAME = (S.RECEIVED, S.INSTALLED, S.IN_USE, S.CLOSED)
SHIPMENT_PREPARED = _kind("prepared", S.DRAFT, S.QUOTED, S.FUNDED)
SHIPMENT_FUNDED = _kind("funded", S.FUNDED)
SHIPMENT_SENT = _kind("sent", S.IN_TRANSIT, S.CUSTOMS, S.HELD)
SHIPMENT_CUSTOMS = _kind("customs", S.CUSTOMS)
SHIPMENT_HELD = _kind("held", S.HELD)
SHIPMENT_RESUMED = _kind("resumed", S.IN_TRANSIT, S.CUSTOMS)
SHIPMENT_RECEIVED = _kind("received", *CAME)
SHIPMENT_SHORT = _kind("short", *CAME)
SHIPMENT_DAMAGED = _kind("damaged", S.DAMAGED)
SHIPMENT_REPAIRED = _kind("repaired", *CAME)
SHIPMENT_INSTALLED = _kind("installed", *CAME)
SHIPMENT_IN_USE = _kind("in_use", *CAME)
SHIPMENT_CLOSED = _kind("closed", S.CLOSED)
SHIPMENT_ABANDONED = _kind("abandoned", S.ABANDONED)
SHIPMENT_LOST = _kind("lost", S.LOST)
