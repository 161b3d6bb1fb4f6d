"""A session that ended before its time says when, wherever its booking is shown."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.enums import BookingState, SessionState
from bookings.models import Session
from tests.factories.bookings import BookingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended(award):
    start = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(days=2)
    booking = BookingFactory(award=award, start=start, state=BookingState.COMPLETED)
    times = {"starts_at": booking.start, "ends_at": booking.end, "opened_at": booking.start}
    Session.objects.create(booking=booking, state=SessionState.ENDED, closed_at=booking.end, **times)
    return booking


def pages(client, booking):
    paths = (f"/en/bookings/{booking.ref}/", f"/en/sessions/{booking.ref}/", "/en/bookings/?past=1")
    return [client.get(path).content.decode() for path in paths]


def test_every_page_of_it_says_when(client, researcher, ended):
    client.force_login(researcher)
    closed = ended.start + timedelta(minutes=37)
    Session.objects.update(closed_at=closed)
    for text in pages(client, ended):
        assert "It ended early:" in text
        assert f"{(closed + timedelta(hours=3)):%H}:37" in text  # in Nairobi


@pytest.mark.parametrize("state", [SessionState.ENDED, SessionState.MISSED])
def test_nothing_is_said_where_it_ran_to_its_end_or_nobody_came(client, researcher, ended, state):
    client.force_login(researcher)
    early = {} if state == SessionState.ENDED else {"closed_at": ended.start + timedelta(minutes=30)}
    Session.objects.update(state=state, **early)
    for text in pages(client, ended):
        assert "It ended early:" not in text


def test_a_page_that_cannot_change_does_not_say_look_again(client, researcher, ended):
    client.force_login(researcher)
    assert "Look again" not in client.get(f"/en/sessions/{ended.ref}/").content.decode()
    coming = BookingFactory(award=ended.award)
    assert "Look again" in client.get(f"/en/sessions/{coming.ref}/").content.decode()
