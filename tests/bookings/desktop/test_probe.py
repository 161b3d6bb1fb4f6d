"""Whether the screen of a unit answers, as a worker asks before a session and an operator by a button."""

import logging

import pytest
from django.conf import settings as django_settings

from bookings.desktop.dial import Patience
from bookings.desktop.probe import probe
from instruments.enums import DesktopRoute, DesktopTrouble
from instruments.models import Desktop, Instrument
from tests.support.environment import free_port
from tests.support.rfb_servers import WITHOUT_PASSWORD, Scripted

SHORT = Patience(step=0.3)


@pytest.fixture
def desktop(instrument: Instrument, settings) -> Desktop:
    settings.DESKTOP_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    return Desktop(unit=instrument.units.first(), route=DesktopRoute.DIRECT, host="127.0.0.1", port=free_port())


def test_a_desktop_that_answers(desktop: Desktop, vnc) -> None:
    desktop.port, desktop.password = vnc.port, vnc.password
    assert probe(desktop) == ""


def test_a_wrong_password(desktop: Desktop, vnc) -> None:
    desktop.port, desktop.password = vnc.port, "wrong"
    assert probe(desktop) == DesktopTrouble.PASSWORD


def test_nobody_there(desktop: Desktop) -> None:
    assert probe(desktop) == DesktopTrouble.UNREACHABLE


def test_a_desktop_that_hangs_is_left(desktop: Desktop) -> None:
    with Scripted() as server:
        desktop.port = server.port
        assert probe(desktop, patience=SHORT) == DesktopTrouble.SILENT
        assert server.left_by_all()


def test_a_desktop_outside_the_allowed_networks(desktop: Desktop, settings) -> None:
    settings.DESKTOP_ALLOWED_NETWORKS = []
    assert probe(desktop) == DesktopTrouble.FORBIDDEN


def test_a_practice_instrument(desktop: Desktop, settings) -> None:
    desktop.route = DesktopRoute.PRACTICE
    with Scripted(b"RFB 000.000\n", 250, *WITHOUT_PASSWORD) as server:
        settings.PRACTICE_ADDRESS = f"127.0.0.1:{server.port}"
        assert probe(desktop) == ""
    assert server.heard.startswith(f"ID:unit-{desktop.unit_id}\0".encode())


def test_a_connector_that_is_not_there(desktop: Desktop) -> None:
    desktop.route = DesktopRoute.CONNECTOR
    assert probe(desktop) == DesktopTrouble.NO_CONNECTOR


def test_a_password_that_no_key_opens(desktop: Desktop, settings) -> None:
    desktop.password = "secret12"
    settings.FIELD_ENCRYPTION_KEYS = ["another key than the one it was sealed with"]
    assert probe(desktop) == DesktopTrouble.PASSWORD


def test_passwords_are_not_logged(desktop: Desktop, vnc, caplog: pytest.LogCaptureFixture) -> None:
    desktop.port, desktop.password = vnc.port, "hush-hush"
    with caplog.at_level(logging.DEBUG):
        probe(desktop)
    assert "password" in caplog.text  # the trouble is
    assert "hush" not in caplog.text
    assert django_settings.SECRET_KEY not in caplog.text


def test_no_statement_is_sent(desktop: Desktop, django_assert_num_queries) -> None:
    """It may take its time: no transaction must wait for it."""
    with django_assert_num_queries(0):
        probe(desktop)
