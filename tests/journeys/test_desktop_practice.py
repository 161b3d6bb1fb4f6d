"""The practice instrument on a session's page, from the first click to its data."""

import pytest

from bookings.models import Booking, Dataset
from tests.journeys.screen import Screen
from tests.support.relay import give_desktop
from tests.support.waiting import soon

CORNER, BLACK = (1020, 764), [0, 0, 0]  # painted last, and never black


@pytest.fixture
def pages_server(whole_server):
    """These journeys need the relay beside the pages."""
    return whole_server


@pytest.fixture(scope="module")
def practice(whole_server):
    program = whole_server.instrument()
    yield program.start()
    program.stop()


@pytest.fixture
def booking(practice, live_booking: Booking) -> Booking:
    give_desktop(live_booking, 5900, route="practice", host="")
    return live_booking


def test_a_run_of_the_practice_instrument_ends_as_data_of_the_booking(window, booking, researcher, operator):
    mine = Screen(window(researcher)).open(booking.ref)
    soon(mine.control, "mine")
    lab = Screen(window(operator)).open(booking.ref)
    for screen in (mine, lab):
        soon(lambda screen=screen: screen.pixel(*CORNER) != BLACK, True)
    seen = lab.picture()

    mine.canvas.focus()
    for key in "a2a4gk5":  # the first crystal, centred by the camera; wide frames, the shortest turn; to the run
        before = mine.picture()
        mine.page.keyboard.press(key)
        if key in "245":
            soon(lambda before=before: mine.picture() == before, False)
    mine.click(700, 496)  # Start
    soon(lambda: Dataset.objects.filter(booking=booking).count(), 1, 40)
    assert lab.picture() != seen, "they look at one instrument"

    mine.visit.open(f"/en/bookings/{booking.ref}/")
    mine.visit.press(Dataset.objects.get().title)
    assert ".hkl" in mine.visit.text()
    assert "SHA-256" in mine.visit.text()
