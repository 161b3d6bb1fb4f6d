"""Slow lines slow only themselves, and nothing that a browser or an instrument sends makes the relay grow."""

import struct
import time
from pathlib import Path

import pytest

from bookings.desktop.sockets import STALLED
from bookings.enums import Leaving
from bookings.models import Attendance, Booking
from tests.support.relay import RelayServer, Viewer, give_desktop
from tests.support.waiting import PATIENCE, soon

GROWTH = 24 * 2**20  # bytes by which the process may grow for lines that stand still


@pytest.fixture
def booking(screen_booking: Booking) -> Booking:
    return screen_booking


def memory(relay: RelayServer) -> int:
    """Bytes of the process that are in memory."""
    assert relay.process is not None
    lines = Path(f"/proc/{relay.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))


def test_a_slow_reader_slows_only_itself_and_is_cut_in_the_end(start_relay, browse, booking, researcher, staff) -> None:
    relay = start_relay()
    slow, quick = browse(researcher).desktop(relay, booking), browse(staff).desktop(relay, booking)
    before = memory(relay)
    whole = struct.pack(">BBHHHH", 3, 0, 0, 0, *slow.size)
    began = time.monotonic()
    longest = 0.0
    while time.monotonic() - began < 10:
        slow.send(whole)  # 2 MB each, and never taken; what is asked at once would be answered as one
        asked = time.monotonic()
        quick.arrive()
        longest = max(longest, time.monotonic() - asked)
        time.sleep(0.2)
    assert longest < STALLED / 2  # who waited for the slow one would wait as long as that one may stand still
    assert memory(relay) - before < GROWTH
    assert Attendance.objects.get(user=researcher).left_at is None  # patience is longer than a hiccup

    soon(lambda: Attendance.objects.get(user=researcher).left_why, Leaving.SLOW, STALLED + PATIENCE)
    quick.arrive()


def test_an_instrument_that_takes_nothing_does_not_fill_the_relay(
    start_relay, browse, live_booking, start_vnc, researcher
) -> None:
    relay, server = start_relay(), start_vnc("other123")
    give_desktop(live_booking, server.port, server.password)
    viewer = browse(researcher).desktop(relay, live_booking)
    before = memory(relay)
    server.hang()
    moves = struct.pack(">BBHH", 5, 0, 1, 1) * 10_000
    viewer.socket.socket.settimeout(1)
    with pytest.raises(TimeoutError):  # after a while the browser cannot send any more either
        send_for_ever(viewer, frame(moves))
    assert memory(relay) - before < GROWTH


def send_for_ever(viewer: Viewer, message: bytes) -> None:
    while True:
        viewer.socket.socket.sendall(message)


def frame(data: bytes) -> bytes:
    """A binary message as a client sends it, masked with zeros."""
    return struct.pack(">BBQ4x", 0x82, 0x80 | 127, len(data)) + data
