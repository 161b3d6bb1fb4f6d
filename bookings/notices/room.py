"""The kinds of message about the room of a session: who is invited to watch, and the report that is still to come."""

from functools import partial
from typing import Any

from django.urls import reverse
from django.utils import timezone

from bookings.enums import BookingState as B
from bookings.models import Booking, Guest, SessionReport
from bookings.notices.about import booking_kind
from portal.notifications.kinds import Context, Kind, register
from portal.notifications.links import absolute


def _invited(data: dict[str, Any]) -> Context | None:
    """None once the invitation was withdrawn, or the session is over or given up."""
    found = Guest.objects.invited().select_related("session__booking__instrument__organisation", "invited_by")
    guest = found.filter(pk=data["guest"]).first()
    if guest is None or guest.session.ends_at <= timezone.now() or not guest.session.booking.is_active:
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


INVITED = register(Kind("bookings.invited", _invited))
REPORT_DUE = booking_kind("report_due", B.COMPLETED, more=partial(_still_to_write, by_laboratory=False))
REPORT_DUE_LABORATORY = booking_kind(
    "report_due_laboratory", B.COMPLETED, more=partial(_still_to_write, by_laboratory=True)
)
