"""The relay at the practice instrument, a program of its own: rooms that are shared, and one for each check."""

from collections.abc import Iterator
from urllib.request import urlopen

import pytest

from bookings.models import Attendance, Booking, Session
from tests.support.environment import RUN, free_port
from tests.support.practice import Practice
from tests.support.relay import Viewer, give_desktop
from tests.support.waiting import PATIENCE


@pytest.fixture(scope="module")
def practice(django_db_setup: None) -> Iterator[Practice]:
    """`manage.py practice` on a port of its own."""
    address = f"127.0.0.1:{free_port()}"
    program = Practice(address, RUN / f"practice-{address.rpartition(':')[2]}.log", {})
    try:
        yield program.start()
    finally:
        program.stop()


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
    with urlopen(f"{site.url}/healthz/ready", timeout=PATIENCE) as answer:
        assert answer.status == 200
    with urlopen(f"{site.url}/robots.txt", timeout=PATIENCE) as page:
        assert b"Sitemap:" in page.read()
    viewer = browse(researcher).desktop(site, live_booking)
    assert site.figures()['relay_sockets{kind="desktop"}'] == 1
    site.stop()
    assert viewer.end()[0] == 1012
