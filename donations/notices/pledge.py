"""Messages about pledges: to who made them, and to staff where one that was in use is taken back."""

from functools import partial
from typing import Any

from donations.enums import PledgeState as P
from donations.enums import ShipmentState as S
from donations.models import Pledge
from portal.core.dates import date_format
from portal.notifications.kinds import Context, Kind, register
from portal.notifications.links import absolute


def _about(data: dict[str, Any], *, states: tuple[P, ...]) -> Context | None:
    """What the words need; None when the pledge has left the states in which the message makes sense."""
    pledge = Pledge.objects.filter(pk=data["pledge"]).first()
    if pledge is None or (states and pledge.state not in states):
        return None
    return {
        "pledge": pledge,
        "shipments": list(pledge.shipments.filter(state__in=[S.DRAFT, S.QUOTED, S.FUNDED]).order_by("pk")),
        "kind": pledge.get_kind_display(),
        "url": absolute(pledge.get_absolute_url()),
        "until": date_format(pledge.valid_until) if pledge.valid_until else "",
    }


def _kind(name: str, *states: P) -> Kind:
    return register(Kind(f"donations.pledge_{name}", partial(_about, states=states)))


PLEDGE_DECLARED = _kind("declared")
PLEDGE_AGREED = _kind("agreed", P.AGREED, P.ALLOCATED)
PLEDGE_ALLOCATED = _kind("allocated", P.ALLOCATED, P.HONOURED)
PLEDGE_HONOURED = _kind("honoured", P.HONOURED)
PLEDGE_ENDING = _kind("ending", P.DECLARED, P.CONTACTED, P.AGREED)
PLEDGE_LAPSED = _kind("lapsed", P.LAPSED)
PLEDGE_WITHDRAWN = _kind("withdrawn", P.WITHDRAWN)
