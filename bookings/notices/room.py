"""The kinds of message about the room of a session: who is invited to watch, and the report that is still to come."""

from functools import partial
from typing import Any

from django.urls import reverse
from django.utils import timezone

from bookings.enums import BookingState as B
from bookings.models import Booking, ChatMessage, Guest, SessionReport
from bookings.notices.about import booking_kind
from portal.notifications.kinds import Context, Kind, register
from portal.notifications.links import absolute


def _invited(data: dict[str, Any], *, is_on: bool = True) -> Context | None:
    """None once the invitation was withdrawn, the session is over, or it was given up (or, if not `is_on`, was not).

    Nor is there anything to say of a `version` of the booking that is not the newest any more.
    """
    found = Guest.objects.invited().select_related("session__booking__instrument__organisation", "invited_by")
    guest = found.filter(pk=data["guest"]).first()
    if guest is None or guest.session.ends_at <= timezone.now() or guest.session.booking.is_active is not is_on:
        return None
    if data.get("version", guest.session.booking.version) != guest.session.booking.version:
        return None
    return {
        "guest": guest,
        "session": guest.session,
        "instrument": guest.session.booking.instrument,
        "url": absolute(guest.session.get_absolute_url()),
    }


def _still_to_write(booking: Booking, data: dict[str, Any], *, by_laboratory: bool) -> Context | None:
    """None once this side has written its report."""
    if SessionReport.objects.filter(session__booking=booking, by_laboratory=by_laboratory).exists():
        return None
    return {"url": absolute(reverse("sessions:report", args=[booking.ref]))}


def _said(data: dict[str, Any]) -> Context | None:
    """None once the booking was given up."""
    rows = ChatMessage.objects.select_related("author", "session__booking__instrument__organisation")
    message = rows.select_related("session__booking__award").filter(pk=data["chatmessage"]).first()
    if message is None or not message.session.booking.is_active:
        return None
    booking = message.session.booking
    url = absolute(message.session.get_absolute_url())
    return {"message": message, "booking": booking, "instrument": booking.instrument, "url": url}


INVITED = register(Kind("bookings.invited", _invited))
GUEST_MOVED = register(Kind("bookings.guest_moved", _invited))
GUEST_OFF = register(Kind("bookings.guest_off", partial(_invited, is_on=False)))
SAID = register(Kind("bookings.said", _said))
RETURNED = booking_kind("returned", B.COMPLETED, B.MISSED)
REPORT_DUE = booking_kind("report_due", B.COMPLETED, more=partial(_still_to_write, by_laboratory=False))
REPORT_DUE_LABORATORY = booking_kind(
    "report_due_laboratory", B.COMPLETED, more=partial(_still_to_write, by_laboratory=True)
)
