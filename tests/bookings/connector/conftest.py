"""A laboratory with the program on its PC, and a unit whose desktop comes through it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bookings.models import Booking
from instruments.models import Connector
from tests.factories.instruments import ConnectorFactory
from tests.support.connector import Laboratory
from tests.support.relay import give_desktop
from tests.support.vnc import Vnc

TOKEN = "rac_secret"


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Laboratory]:
    place = Laboratory(tmp_path)
    yield place
    place.stop()


@pytest.fixture
def carried(live_booking: Booking, vnc: Vnc) -> Booking:
    """A live session whose unit is reached through a connector."""
    give_desktop(live_booking, 5900, vnc.password, route="connector", host="")
    return live_booking


@pytest.fixture
def connector(carried: Booking) -> Connector:
    return ConnectorFactory(instrument=carried.instrument, token=TOKEN)
