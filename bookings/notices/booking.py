"""The kinds of message that bookings and their sessions send."""

from bookings.enums import BookingState as B
from bookings.notices.about import booking_kind

REQUESTED = booking_kind("requested", B.REQUESTED)
ASKED = booking_kind("asked", B.REQUESTED)
CONFIRMED = booking_kind("confirmed", B.CONFIRMED, coming=True)
ANNOUNCED = booking_kind("announced", B.CONFIRMED, coming=True)
DECLINED = booking_kind("declined")
LAPSED = booking_kind("lapsed")
CANCELLED = booking_kind("cancelled")
MOVED = booking_kind("moved", B.REQUESTED, B.CONFIRMED, coming=True)
FAILED = booking_kind("failed")
MISSED = booking_kind("missed")
SUSPENDED = booking_kind("suspended", B.REQUESTED, B.CONFIRMED, coming=True)
REMIND_DAY = booking_kind("remind_day", B.CONFIRMED, coming=True)
REMIND_SOON = booking_kind("remind_soon", B.CONFIRMED, coming=True)
NOT_ANSWERING = booking_kind("not_answering", B.CONFIRMED, coming=True)
