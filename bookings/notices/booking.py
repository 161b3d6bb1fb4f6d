"""The kinds of message that bookings and their sessions send."""

from typing import Any

from bookings.calendars.mails import invitation, withdrawal
from bookings.enums import BookingState as B
from bookings.models import Booking
from bookings.notices.about import booking_kind
from bookings.notices.disturbance import instead_of_failed, undisturbed, ways_out
from portal.notifications.kinds import Context


def nobody_checked_in(booking: Booking, data: dict[str, Any]) -> Context | None:
    """None once an operator has checked in."""
    return None if booking.session.checked_in_at else {}


REQUESTED = booking_kind("requested", B.REQUESTED)
ASKED = booking_kind("asked", B.REQUESTED)
CONFIRMED = booking_kind("confirmed", B.CONFIRMED, coming=True, calendar=invitation)
ANNOUNCED = booking_kind("announced", B.CONFIRMED, coming=True)
DECLINED = booking_kind("declined", calendar=invitation)
LAPSED = booking_kind("lapsed", calendar=invitation)
CANCELLED = booking_kind("cancelled", calendar=invitation)
MOVED = booking_kind("moved", B.REQUESTED, B.CONFIRMED, coming=True, calendar=invitation)
FAILED = booking_kind("failed", more=instead_of_failed, calendar=invitation)
MISSED = booking_kind("missed")
DISTURBED = booking_kind("disturbed", B.REQUESTED, B.CONFIRMED, coming=True, more=ways_out)
STANDS_AGAIN = booking_kind("stands_again", B.REQUESTED, B.CONFIRMED, coming=True, more=undisturbed)
REMIND_DAY = booking_kind("remind_day", B.CONFIRMED, coming=True)
REMIND_SOON = booking_kind("remind_soon", B.CONFIRMED, coming=True)
NOT_ANSWERING = booking_kind("not_answering", B.CONFIRMED, coming=True)
NO_OPERATOR = booking_kind("no_operator", B.CONFIRMED, coming=True, more=nobody_checked_in)
ADDED = booking_kind("added", B.REQUESTED, B.CONFIRMED, coming=True, calendar=invitation)
REMOVED = booking_kind("removed", B.REQUESTED, B.CONFIRMED, coming=True, calendar=withdrawal)
