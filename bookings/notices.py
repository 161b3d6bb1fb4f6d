"""The kinds of message that bookings and sessions send."""

from functools import partial
from typing import Any

from django.utils import timezone

from bookings.enums import BookingState as B
from bookings.models import Booking
from portal.notifications.kinds import Context, Kind, register
from portal.notifications.links import absolute


def _about(data: dict[str, Any], *, states: tuple[B, ...] = (), coming: bool = False) -> Context | None:
    """What the words need; None when the booking has left the states, or the time, in which the message makes sense."""
    booking = Booking.objects.for_page().filter(pk=data["booking"]).first()
    if booking is None or (states and booking.state not in states) or (coming and booking.end <= timezone.now()):
        return None
    if "version" in data and data["version"] != booking.version:
        return None
    return {
        "booking": booking,
        "instrument": booking.instrument,
        "url": absolute(booking.get_absolute_url()),
        "why": data.get("why", ""),
    }


def _kind(name: str, *states: B, coming: bool = False) -> Kind:
    return register(Kind(f"bookings.{name}", partial(_about, states=states, coming=coming)))


REQUESTED = _kind("requested", B.REQUESTED)
ASKED = _kind("asked", B.REQUESTED)
CONFIRMED = _kind("confirmed", B.CONFIRMED, coming=True)
ANNOUNCED = _kind("announced", B.CONFIRMED, coming=True)
DECLINED = _kind("declined")
LAPSED = _kind("lapsed")
CANCELLED = _kind("cancelled")
MOVED = _kind("moved", B.REQUESTED, B.CONFIRMED, coming=True)
FAILED = _kind("failed")
MISSED = _kind("missed")
SUSPENDED = _kind("suspended", B.REQUESTED, B.CONFIRMED, coming=True)
REMIND_DAY = _kind("remind_day", B.CONFIRMED, coming=True)
REMIND_SOON = _kind("remind_soon", B.CONFIRMED, coming=True)
NOT_ANSWERING = _kind("not_answering", B.CONFIRMED, coming=True)
