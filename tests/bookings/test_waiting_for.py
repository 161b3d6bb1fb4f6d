"""What a person's own page says of bookings that wait for a decision."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.waiting import waiting_for
from tests.factories.bookings import BookingFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("who", "count"), [("researcher", 1), ("focal_point", 1), ("stranger_focal_point", 0)])
def test_who_speaks_for_the_award_is_asked_to_move_what_cannot_be_held(request, award, who, count):
    told = {"disturbances": ["closed"], "disturbed_at": timezone.now()}
    booking = BookingFactory(award=award, **told)
    BookingFactory(award=award, start=booking.start + timedelta(days=1))
    BookingFactory(award=award, start=booking.start + timedelta(days=2), state="cancelled", **told)
    lines = [line for line in waiting_for(request.getfixturevalue(who)) if "cannot be held" in line.title]
    assert [line.url for line in lines] == [booking.get_absolute_url()] * count
