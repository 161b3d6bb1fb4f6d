"""The check of a line: kept for its person and the booking, told in words, refused to strangers."""

import pytest
from django.urls import reverse

from bookings.actions.connection import KEPT, note_check
from bookings.lines import GOOD, MINIMAL, NO_SCREEN, SLOW, THRIFTY, TOO_THIN, verdict
from bookings.models import ConnectionCheck
from portal.core.errors import Forbidden
from tests.factories.bookings import BookingFactory

pytestmark = pytest.mark.django_db
GOOD_LINE = {"latency": 80, "jitter": 5, "down": 4000, "up": 900, "picture": 700}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, GOOD),
        ({"picture": None}, NO_SCREEN),
        ({"down": None}, NO_SCREEN),
        ({"down": 99}, TOO_THIN),
        ({"latency": 1001}, SLOW),
        ({"latency": None}, SLOW),
        ({"down": 299}, MINIMAL),
        ({"down": 1499}, THRIFTY),
    ],
)
def test_the_worst_figure_decides(changed, told):
    assert verdict(ConnectionCheck(**GOOD_LINE | changed)) is told


def test_what_a_browser_measured_is_kept_with_the_booking(client, award, researcher, monday):
    booking = BookingFactory(award=award, start=monday.start)
    client.force_login(researcher)
    address = f"{reverse('connection:check')}?booking={booking.ref}"
    answer = client.post(address, GOOD_LINE | {"picture": ""})
    assert answer.status_code == 302
    row = ConnectionCheck.objects.get()
    assert (row.user, row.booking, row.down, row.picture) == (researcher, booking, 4000, None)
    assert str(NO_SCREEN.sentence) in client.get(address).content.decode()


def test_nonsense_is_refused_and_nothing_kept(client, researcher):
    client.force_login(researcher)
    assert client.post(reverse("connection:check"), {"down": "-1"}).status_code == 400
    assert not ConnectionCheck.objects.exists()


def test_nobody_checks_for_a_booking_of_others(client, award, stranger_researcher, monday):
    booking = BookingFactory(award=award, start=monday.start)
    client.force_login(stranger_researcher)
    assert client.post(f"{reverse('connection:check')}?booking={booking.ref}", GOOD_LINE).status_code == 404
    with pytest.raises(Forbidden):
        note_check(GOOD_LINE, by=stranger_researcher, booking=booking)
    assert not ConnectionCheck.objects.exists()


def test_the_oldest_checks_go(researcher):
    rows = [note_check(GOOD_LINE, by=researcher) for _ in range(KEPT + 1)]
    assert list(ConnectionCheck.objects.values_list("pk", flat=True)) == [row.pk for row in rows[:0:-1]]


def test_loads_are_bounded(client, researcher):
    client.force_login(researcher)
    address = reverse("connection:bytes")
    assert len(client.get(address, {"kilobytes": "16"}).content) == 16_000
    assert len(client.get(address, {"kilobytes": "99999"}).content) == 512_000
    assert len(client.get(address, {"kilobytes": "-5"}).content) == 1000
    assert client.post(address, b"x" * 512_001, content_type="application/octet-stream").status_code == 413
