"""The kinds of message about times that are booked, or given up, in one go."""

from functools import partial
from typing import Any

from bookings.calendars.mails import entries
from bookings.enums import BookingState as B
from bookings.models import Booking
from portal.notifications.kinds import Context, Kind, register
from portal.notifications.links import absolute


def _about_series(data: dict[str, Any], *, states: tuple[B, ...]) -> Context | None:
    """What the words need; None when none of the bookings is in one of the states any more."""
    every = Booking.objects.for_page().filter(pk__in=data.get("bookings") or [data["booking"]], state__in=states)
    rows = list(every.in_order())
    if not rows:
        return None
    return {
        "bookings": rows,
        "booking": rows[0],
        "instrument": rows[0].instrument,
        "is_asked": rows[0].state == B.REQUESTED,
        "url": absolute(rows[0].get_absolute_url() + "series/"),
        "why": data.get("why", ""),
    }


def _kind(name: str, *states: B, for_calendar: bool = False) -> Kind:
    context = partial(_about_series, states=states)
    return register(Kind(f"bookings.{name}", context, calendar=entries if for_calendar else None))


SERIES_BOOKED = _kind("series_booked", B.REQUESTED, B.CONFIRMED, for_calendar=True)
SERIES_ANNOUNCED = _kind("series_announced", B.CONFIRMED)
SERIES_ASKED = _kind("series_asked", B.REQUESTED)
SERIES_CANCELLED = _kind("series_cancelled", B.CANCELLED, for_calendar=True)
