"""A session of two paid hours that is live, and one that has just ended."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.enums import SessionState
from calls.actions.ledger import spend
from tests.bookings.after_session.steps import end
from tests.factories.bookings import BookingFactory


@pytest.fixture
def booking(award, researcher):
    """Two hours, paid, live for ten minutes."""
    start = timezone.now() - timedelta(minutes=10)
    made = BookingFactory(award=award, start=start, session__state=SessionState.LIVE)
    spend(award, made.minutes, booking=made.ref, by=researcher)
    return made


@pytest.fixture
def over(booking):
    """The same, when it has ended a moment ago."""
    return end(booking)
