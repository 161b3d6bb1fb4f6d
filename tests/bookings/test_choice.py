"""What may be chosen: the awards of a person on an instrument, and what is taken on its units."""

import pytest

from bookings.choice import awards_for
from bookings.facts import Facts
from bookings.free import Occupancy
from bookings.slots import DAY, Span
from calls.enums import AwardState
from calls.models import Award
from instruments.models import Unit
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.bookings import BookingFactory, next_monday_at
from tests.factories.calls import AwardFactory
from tests.factories.instruments import InstrumentFactory

pytestmark = pytest.mark.django_db


def test_awards_come_with_all_that_booking_asks_of_them(django_assert_num_queries) -> None:
    award = AwardFactory()
    with django_assert_num_queries(1):
        [found] = awards_for(award.holder, award.instrument.slug)
        assert found == award
        assert found.holder.name == award.holder.name
        assert found.instrument.name == award.instrument.name
        assert found.instrument.organisation.name == award.instrument.organisation.name
        assert found.instrument.policy.step == award.instrument.policy.step


def test_they_are_those_that_the_person_may_book_with() -> None:
    institute, instrument = OrganisationFactory(), InstrumentFactory()
    mine, theirs = (AwardFactory(organisation=institute, instrument=instrument) for _ in range(2))
    AwardFactory(organisation=institute, instrument=instrument, holder=mine.holder, state=AwardState.ENDED)
    AwardFactory(organisation=institute, holder=mine.holder)  # on another instrument
    leader = MembershipFactory(organisation=institute, role="focal_point").user
    assert awards_for(mine.holder, instrument.slug) == [mine]
    assert set(awards_for(leader, instrument.slug)) == {mine, theirs}
    assert awards_for(UserFactory(), instrument.slug) == []
    for user in (mine.holder, leader):
        assert set(awards_for(user, instrument.slug)) == set(
            Award.objects.bookable_by(user).filter(instrument=instrument)
        )


def test_only_its_own_units_are_taken() -> None:
    """Units whose numbers enclose another instrument's: one search for both does not meet what lies between."""
    instrument, other = InstrumentFactory(), InstrumentFactory()
    second = Unit.objects.create(instrument=instrument, name="Unit 2")
    booking = BookingFactory(award=AwardFactory(instrument=instrument), unit=second)
    BookingFactory(award=AwardFactory(instrument=other))
    start = next_monday_at(0)
    occupancy = Occupancy.read(Facts.read(instrument, Span(start, start + DAY)))
    assert occupancy.bookings == [(booking.span, booking.award_id)]
    assert occupancy.by_unit == {instrument.units.first().pk: [], second.pk: [booking.span]}
    left_out = Occupancy.read(Facts.read(instrument, Span(start, start + DAY)), leaving_out=booking)
    assert left_out.bookings == []
