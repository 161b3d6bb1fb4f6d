"""The relay at the practice instrument, a program of its own: rooms that are shared, and one for each check."""

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from signal import SIGTERM
from urllib.request import urlopen

import pytest

from bookings.models import Attendance, Booking, Session
from portal.embedded.process import end, spawn
from tests.support.environment import RUN, free_port
from tests.support.relay import Viewer, give_desktop

READY = 60.0  # seconds the program may take to come up


@dataclass
class Program:
    address: str


@pytest.fixture(scope="module")
def practice(django_db_setup: None) -> Iterator[Program]:
    """`manage.py practice` on a port of its own."""
    address = f"127.0.0.1:{free_port()}"
    log = RUN / f"practice-{address.rpartition(':')[2]}.log"
    env = {**os.environ, "PRACTICE_ADDRESS": address, "DJANGO_SETTINGS_MODULE": "portal.settings"}
    process = spawn([sys.executable, "manage.py", "practice"], log=log, env=env)
    try:
        deadline = time.monotonic() + READY
        while "answers at" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        yield Program(address)
    finally:
        end(process, SIGTERM, patience=5)


def test_all_who_are_in_a_session_share_one_practice_instrument(
    start_relay, practice, browse, live_booking: Booking, researcher, staff
) -> None:
    relay = start_relay(PRACTICE_ADDRESS=practice.address)
    give_desktop(live_booking, 5900, route="practice", host="")
    mine, theirs = browse(researcher).desktop(relay, live_booking), browse(staff).desktop(relay, live_booking)
    assert mine.size == theirs.size == (1024, 768)
    assert mine.name == theirs.name
    assert Session.objects.get().controller == researcher
    assert Attendance.objects.count() == 2


def test_a_check_gives_a_practice_instrument_of_ones_own(start_relay, practice, browse, donor) -> None:
    relay = start_relay(PRACTICE_ADDRESS=practice.address)
    mine = browse(donor)
    viewers = [Viewer(mine.open(relay, "/ws/check/desktop", mine.ticket())).greet().arrive() for _ in range(2)]
    assert all(viewer.size == (1024, 768) for viewer in viewers)
    viewers[0].point(500, 400, buttons=1)
    viewers[0].arrive()
    assert Attendance.objects.count() == 0


def test_one_port_serves_pages_and_screens(start_relay, practice, browse, live_booking: Booking, researcher) -> None:
    """As the demo runs it: `portal.asgi`."""
    site = start_relay("portal.asgi:application", PRACTICE_ADDRESS=practice.address)
    give_desktop(live_booking, 5900, route="practice", host="")
    with urlopen(f"{site.url}/healthz/ready", timeout=10) as answer:
        assert answer.status == 200
    with urlopen(f"{site.url}/robots.txt", timeout=10) as page:
        assert b"Sitemap:" in page.read()
    viewer = browse(researcher).desktop(site, live_booking)
    assert site.figures()['relay_sockets{kind="desktop"}'] == 1
    site.stop()
    assert viewer.end(5)[0] == 1012
