"""A booking on a unit with a desktop, its session live, the clock at any minute of it."""

from datetime import timedelta

import pytest

from bookings.actions.booking import book_time
from bookings.actions.session import advance_session
from bookings.enums import SessionState
from instruments.models import Desktop
from tests.bookings.desktop_sessions.steps import answer, joined


@pytest.fixture
def desktop(instrument):
    return Desktop.objects.create(unit=instrument.units.get(), route="practice")


@pytest.fixture
def booking(desktop, instrument, award, monday, researcher):
    return book_time(instrument, monday, award, by=researcher)


@pytest.fixture
def at(time_machine, monday):
    def move(minutes):
        time_machine.move_to(monday.start + timedelta(minutes=minutes), tick=False)

    return move


@pytest.fixture
def live(desktop, booking, at):
    at(-1)
    answer(desktop)
    at(0)
    assert advance_session(booking).state == SessionState.LIVE
    joined(booking)
    return booking
