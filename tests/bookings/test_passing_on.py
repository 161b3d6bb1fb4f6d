"""Whatever frees time offers it, in the same deed, to who waits for it."""

from datetime import timedelta

import pytest

from bookings.actions.booking import book_time
from bookings.actions.changes import cancel_booking, decline_booking, fail_booking, lapse_booking, move_booking
from bookings.actions.session import advance_session, begin_session, end_session
from bookings.actions.waitlist import join_waitlist
from bookings.models import Booking
from bookings.slots import Span
from portal.accounts.enums import Role
from tests.factories.accounts import MembershipFactory
from tests.factories.calls import AwardFactory

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def morning(monday):
    return Span(monday.start, monday.start + 4 * HOUR)


@pytest.fixture
def waiting(instrument, institute, morning):
    """Somebody waits for an hour of that morning."""
    holder = MembershipFactory(organisation=institute, role=Role.RESEARCHER).user
    award = AwardFactory(holder=holder, organisation=institute, instrument=instrument)
    return join_waitlist([award], morning, 60, by=award.holder, least_notice=0)


@pytest.fixture
def book(instrument, award, morning, researcher, waiting):
    def deed(**policy) -> Booking:
        for name, value in policy.items():
            setattr(instrument.policy, name, value)
        instrument.policy.save()
        return book_time(instrument, morning, award, by=researcher)

    return deed


def cancel(booking, morning, researcher, operator, move_to):
    cancel_booking(booking, by=researcher)


def decline(booking, morning, researcher, operator, move_to):
    decline_booking(booking, by=operator, why="The tube is being changed.")


def lapse(booking, morning, researcher, operator, move_to):
    move_to(morning.start - 12 * HOUR)
    lapse_booking(booking)


def move_away(booking, morning, researcher, operator, move_to):
    move_booking(booking, Span(morning.start + 24 * HOUR, morning.end + 24 * HOUR), by=researcher)


def fail(booking, morning, researcher, operator, move_to):
    move_to(morning.start + HOUR / 4)
    fail_booking(booking, by=operator, why="Power cut.")


def end_early(booking, morning, researcher, operator, move_to):
    move_to(morning.start + HOUR / 4)
    begin_session(booking, by=researcher)
    end_session(booking, by=researcher)


def miss(booking, morning, researcher, operator, move_to):
    move_to(morning.start + HOUR)
    advance_session(booking)


@pytest.mark.parametrize("deed", [cancel, decline, lapse, move_away, fail, end_early, miss])
def test_it_is_offered_at_once(deed, book, morning, researcher, operator, waiting, time_machine):
    booking = book(needs_confirmation=deed in (decline, lapse))
    assert not waiting.offers.exists()
    deed(booking, morning, researcher, operator, lambda moment: time_machine.move_to(moment, tick=False))
    offer = waiting.offers.get()
    assert (offer.state, offer.minutes) == ("held", 60)
    assert morning.covers(offer.span)
