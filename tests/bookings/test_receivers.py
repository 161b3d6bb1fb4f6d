"""What bookings do when the laboratory or the programme takes something away."""

import pytest

from bookings.actions.booking import book_time
from calls.actions.award import revoke
from instruments.actions import add_closure, retire_instrument, suspend_instrument
from portal.notifications.models import Notification

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(instrument, award, monday, researcher):
    return book_time(instrument, monday, award, by=researcher)


def test_a_suspension_offers_a_way_out_free_of_charge(instrument, booking, researcher, operator, client):
    suspend_instrument(instrument, by=operator, why="Water leak.")
    assert Notification.objects.filter(kind="bookings.disturbed", address=researcher.email).count() == 1
    booking.refresh_from_db()
    assert booking.state == "confirmed"


def test_retiring_cancels_what_is_booked_and_returns_the_hours(instrument, award, booking, staff):
    retire_instrument(instrument, by=staff, why="Sold.")
    booking.refresh_from_db()
    award.refresh_from_db()
    assert (booking.state, award.balance_minutes) == ("cancelled", 600)


def test_revoking_an_award_cancels_what_it_has_booked(award, booking, staff):
    revoke(award, why="Left the institute.", by=staff)
    booking.refresh_from_db()
    assert booking.state == "cancelled"


def test_whoever_closes_is_shown_the_bookings_in_the_way(instrument, booking, operator, monday):
    _closure, in_the_way = add_closure(instrument, monday.start, monday.end, "Service", by=operator)
    assert in_the_way == [booking]
