"""Bookings of instrument time, their live part, those who wait for time, samples, data, and what came of it."""

from bookings.models.booking import Booking
from bookings.models.calendar import CalendarFeed
from bookings.models.dataset import Dataset, DatasetFile, Upload
from bookings.models.outcome import Outcome
from bookings.models.room import Attendance, ChatMessage, ConnectionCheck, Guest, SessionReport
from bookings.models.sample import Sample
from bookings.models.session import Session
from bookings.models.standby import StandbyEntry
from bookings.models.waitlist import WaitlistEntry

__all__ = [
    "Attendance",
    "Booking",
    "CalendarFeed",
    "ChatMessage",
    "ConnectionCheck",
    "Dataset",
    "DatasetFile",
    "Guest",
    "Outcome",
    "Sample",
    "Session",
    "SessionReport",
    "StandbyEntry",
    "Upload",
    "WaitlistEntry",
]
