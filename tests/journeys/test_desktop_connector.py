"""An instrument behind a firewall: the packed connector runs at the laboratory, the screen comes to the browser."""

import pytest

from bookings.models import Booking
from instruments.actions.connector import revoke_connector
from tests.factories.instruments import ConnectorFactory
from tests.journeys.screen import Screen
from tests.support.connector import Laboratory
from tests.support.relay import give_desktop
from tests.support.waiting import soon

TOKEN = "rac_secret"
RED = 0xC02020


@pytest.fixture
def pages_server(whole_server):
    """These journeys need the relay beside the pages."""
    return whole_server


@pytest.fixture
def carried(live_booking: Booking, vnc) -> Booking:
    give_desktop(live_booking, 5900, vnc.password, route="connector", host="")
    return live_booking


@pytest.fixture
def connector(carried):
    return ConnectorFactory(instrument=carried.instrument, token=TOKEN)


@pytest.fixture
def lab(tmp_path, connector, vnc, pages_server, site):
    place = Laboratory(tmp_path)
    place.configure(pages_server.url, TOKEN, vnc.port)
    yield place.start(pages_server)
    place.stop()


def test_a_screen_behind_a_firewall_is_held_in_the_browser(
    window, lab, carried, connector, researcher, operator, vnc, pages_server
):
    there = vnc.screen()
    there.fill(RED)
    mine = Screen(window(researcher, expects=("no_connector",))).open(carried.ref)  # noVNC tells it to the console
    soon(mine.control, "mine")
    mine.shows(20, 20, RED)
    mine.press(250, 120)
    soon(lambda: there.pointer()[2], 1)
    column, row, _buttons = there.pointer()
    assert abs(column - 250) <= 2
    assert abs(row - 120) <= 2
    mine.let_go()
    mine.page.keyboard.down("a")
    soon(there.keys_down, 1)
    mine.page.keyboard.up("a")
    soon(there.keys_down, 0)

    lab.kill()
    mine.hears("cannot be reached")
    lab.log.unlink()
    lab.start(pages_server)
    mine.arrive(patience=120)
    mine.page.mouse.move(*mine.place(60, 50))
    soon(lambda: abs(there.pointer()[0] - 60) <= 2, True)

    revoke_connector(connector, by=operator)
    mine.hears("cannot be reached")
