"""What a laboratory’s operators are told of their proposed instrument."""

from functools import partial
from typing import Any

from django.urls import reverse

from instruments.enums import InstrumentState as I
from instruments.models import Instrument
from portal.notifications.kinds import Context, Kind, register
from portal.notifications.links import absolute


def _about(data: dict[str, Any], *, state: I) -> Context | None:
    """What the words need; None when the instrument has left the state in which the message makes sense."""
    instrument = Instrument.objects.select_related("organisation").filter(pk=data["instrument"], state=state).first()
    if instrument is None:
        return None
    public = instrument.get_absolute_url()
    desk = reverse("desk_instruments:detail", args=[instrument.slug])
    return {
        "instrument": instrument,
        "url": absolute(public if state == I.LISTED else desk),
        "why": data["why"],
    }


def _kind(name: str, state: I) -> Kind:
    return register(Kind(f"instruments.{name}", partial(_about, state=state)))


TOLD = {  # by the verb of the move
    "list": _kind("listed", I.LISTED),
    "ask": _kind("returned", I.RETURNED),
    "refuse": _kind("refused", I.REFUSED),
}
