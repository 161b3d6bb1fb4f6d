"""The kinds of message that samples send: to the laboratory what is on its way, to their people what became of it."""

from functools import partial
from typing import Any

from bookings.enums import SampleState as P
from bookings.models import Sample
from portal.notifications.kinds import Context, Kind, register
from portal.notifications.links import absolute


def _about(data: dict[str, Any], *, states: tuple[P, ...]) -> Context | None:
    """What the words need; None when the sample is gone, or has left the states in which the message makes sense."""
    rows = Sample.objects.for_page().filter(pk=data["sample"], state__in=states)
    sample = rows.first()
    if sample is None:
        return None
    return {
        "sample": sample,
        "instrument": sample.instrument,
        "url": absolute(sample.get_absolute_url()),
        "why": data.get("why", ""),
    }


def _kind(name: str, *states: P) -> Kind:
    return register(Kind(f"bookings.{name}", partial(_about, states=states)))


SAMPLE_SHIPPED = _kind("sample_shipped", P.SHIPPED)
SAMPLE_RECEIVED = _kind("sample_received", P.RECEIVED, P.MOUNTED, P.CONSUMED)
SAMPLE_REFUSED = _kind("sample_refused", P.REFUSED)
SAMPLE_OVER = _kind("sample_over", P.RETURNED, P.DESTROYED, P.CONSUMED, P.LOST)
