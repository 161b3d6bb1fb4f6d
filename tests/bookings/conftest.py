"""An award with ten hours on the instrument, and a free Monday."""

from datetime import timedelta

import pytest

from bookings.slots import Span
from calls.models import Award
from instruments.models import Instrument
from portal.accounts.models import Organisation, User
from tests.factories.bookings import next_monday_at
from tests.factories.calls import AwardFactory


@pytest.fixture
def award(researcher: User, institute: Organisation, instrument: Instrument) -> Award:
    return AwardFactory(holder=researcher, organisation=institute, instrument=instrument)


@pytest.fixture
def monday() -> Span:
    """Two hours on a Monday morning in Grenoble, whatever the season."""
    return Span(next_monday_at(9), next_monday_at(9) + timedelta(hours=2))
