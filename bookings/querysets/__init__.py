"""Named questions about bookings and what belongs to them."""

from bookings.querysets.booking import BookingQuerySet, unit_range
from bookings.querysets.calendar import CalendarFeedQuerySet
from bookings.querysets.dataset import DatasetFileQuerySet, DatasetQuerySet, UploadQuerySet
from bookings.querysets.outcome import OutcomeQuerySet
from bookings.querysets.room import AttendanceQuerySet, ConnectionCheckQuerySet, GuestQuerySet
from bookings.querysets.sample import SampleQuerySet
from bookings.querysets.session import LEAST_GRACE, OPERATOR_BEFORE, PREPARED_BEFORE, SessionQuerySet
from bookings.querysets.standby import StandbyQuerySet
from bookings.querysets.waitlist import WaitlistQuerySet

__all__ = [
    "LEAST_GRACE",
    "OPERATOR_BEFORE",
    "PREPARED_BEFORE",
    "AttendanceQuerySet",
    "BookingQuerySet",
    "CalendarFeedQuerySet",
    "ConnectionCheckQuerySet",
    "DatasetFileQuerySet",
    "DatasetQuerySet",
    "GuestQuerySet",
    "OutcomeQuerySet",
    "SampleQuerySet",
    "SessionQuerySet",
    "StandbyQuerySet",
    "UploadQuerySet",
    "WaitlistQuerySet",
    "unit_range",
]
