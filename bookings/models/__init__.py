"""Bookings of instrument time, their live part, those who wait for time, samples, calendars, and what came of it."""

from bookings.models.booking import Booking
from bookings.models.calendar import CalendarFeed
from bookings.models.outcome import Outcome
from bookings.models.sample import Sample
from bookings.models.session import Session
from bookings.models.waitlist import WaitlistEntry

__all__ = ["Booking", "CalendarFeed", "Outcome", "Sample", "Session", "WaitlistEntry"]
