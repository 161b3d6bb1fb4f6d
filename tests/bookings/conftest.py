"""An award with ten hours on the instrument, a free Monday, and a dataset of a booking."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bookings.actions.dataset import make_dataset
from bookings.models import Dataset
from bookings.slots import Span
from calls.models import Award
from instruments.models import Instrument
from portal.accounts.models import Organisation, User
from tests.factories.bookings import BookingFactory, next_monday_at
from tests.factories.calls import AwardFactory


@pytest.fixture
def award(researcher: User, institute: Organisation, instrument: Instrument) -> Award:
    return AwardFactory(holder=researcher, organisation=institute, instrument=instrument)


@pytest.fixture
def monday() -> Span:
    """Two hours on a Monday morning in Grenoble, whatever the season."""
    return Span(next_monday_at(9), next_monday_at(9) + timedelta(hours=2))


@pytest.fixture
def dataset(award: Award, operator: User, settings: Any, tmp_path: Path) -> Dataset:
    """Made by the laboratory, without files yet; its files lie in a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path
    return make_dataset(BookingFactory(award=award), {"title": "Cu-1"}, by=operator)
