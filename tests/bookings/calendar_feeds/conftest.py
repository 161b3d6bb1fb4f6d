"""A booking, and the calendar link of its researcher."""

import pytest

from bookings.actions.calendar import make_calendar
from bookings.models import Booking, CalendarFeed
from calls.models import Award
from portal.accounts.models import User
from tests.factories.bookings import BookingFactory


@pytest.fixture
def booking(award: Award, focal_point: User) -> Booking:
    return BookingFactory(award=award, booked_by=focal_point)


@pytest.fixture
def own(researcher: User) -> CalendarFeed:
    return make_calendar(by=researcher)
