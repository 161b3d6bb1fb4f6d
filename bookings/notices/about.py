"""What the words of a message about a booking need, and whether it still makes sense to say them."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils import timezone

from bookings.enums import BookingState as B
from bookings.models import Booking
from portal.notifications.kinds import Calendar, Context, Kind, register
from portal.notifications.links import absolute

# (the booking, the row's data) -> what else the words need; None when there is nothing left to say
More = Callable[[Booking, dict[str, Any]], Context | None]


def about_booking(
    data: dict[str, Any], *, states: tuple[B, ...] = (), coming: bool = False, more: More | None = None
) -> Context | None:
    """What the words need; None when the booking has left the states, or the time, in which the message makes sense."""
    booking = Booking.objects.for_page().filter(pk=data["booking"]).first()
    if booking is None or (states and booking.state not in states) or (coming and booking.end <= timezone.now()):
        return None
    if "version" in data and data["version"] != booking.version:
        return None
    added = more(booking, data) if more else {}
    if added is None:
        return None
    return {
        "booking": booking,
        "instrument": booking.instrument,
        "url": absolute(booking.get_absolute_url()),
        "why": data.get("why", ""),
    } | added


def booking_kind(
    name: str, *states: B, coming: bool = False, more: More | None = None, calendar: Calendar | None = None
) -> Kind:
    """A kind of message about one booking: told while it is in `states` (none: any) and, if `coming`, not over.

    `calendar` is what it asks the calendar programs of its readers to do.
    """
    context = partial(about_booking, states=states, coming=coming, more=more)
    return register(Kind(f"bookings.{name}", context, calendar=calendar))
