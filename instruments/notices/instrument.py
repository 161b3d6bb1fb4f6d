"""What staff are told of a proposed instrument, and its laboratory and proposer of the answer."""

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
    return {"instrument": instrument, "url": absolute(_page_of(instrument)), "why": data["why"]}


def _page_of(instrument: Instrument) -> str:
    """Where those who hear of it go on: who proposed it may not be an operator yet and has a page of their own."""
    if instrument.state == I.LISTED:
        return instrument.get_absolute_url()
    if instrument.proposed_by_id is not None:
        return reverse("proposals:detail", args=[instrument.slug])
    return reverse("desk_instruments:detail", args=[instrument.slug])


def _to_vet(data: dict[str, Any]) -> Context | None:
    """For staff; None once one of them has answered."""
    rows = Instrument.objects.select_related("organisation", "proposed_by")
    instrument = rows.filter(pk=data["instrument"], state=I.PROPOSED).first()
    if instrument is None:
        return None
    return {
        "instrument": instrument,
        "url": absolute(reverse("desk_instruments:detail", args=[instrument.slug])),
    }


def _kind(name: str, state: I) -> Kind:
    return register(Kind(f"instruments.{name}", partial(_about, state=state)))


PROPOSED = register(Kind("instruments.proposed", _to_vet))  # for staff
TOLD = {  # by the verb of the move
    "list": _kind("listed", I.LISTED),
    "ask": _kind("returned", I.RETURNED),
    "refuse": _kind("refused", I.REFUSED),
}
