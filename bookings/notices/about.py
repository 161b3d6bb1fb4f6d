"""What the words of a message about a booking need, and whether it still makes sense to say them."""

from functools import partial
from typing import Any

from django.utils import timezone

from bookings.enums import BookingState as B
from bookings.models import Booking
from portal.notifications.kinds import Context, Kind, register
from portal.notifications.links import absolute


def about_booking(data: dict[str, Any], *, states: tuple[B, ...] = (), coming: bool = False) -> Context | None:
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


def booking_kind(name: str, *states: B, coming: bool = False) -> Kind:
    """A kind of message about one booking: told while it is in `states` (none: any) and, if `coming`, not over."""
    return register(Kind(f"bookings.{name}", partial(about_booking, states=states, coming=coming)))
