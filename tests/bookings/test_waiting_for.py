"""What a person's own page says of bookings that wait for a decision."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.waiting import waiting_for
from portal.core.waiting import written
from tests.factories.bookings import BookingFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("who", "count"), [("researcher", 1), ("focal_point", 1), ("stranger_focal_point", 0)])
def test_who_speaks_for_the_award_is_asked_to_move_what_cannot_be_held(request, award, who, count):
    told = {"disturbances": ["closed"], "disturbed_at": timezone.now()}
    booking = BookingFactory(award=award, **told)
    BookingFactory(award=award, start=booking.start + timedelta(days=1))
    BookingFactory(award=award, start=booking.start + timedelta(days=2), state="cancelled", **told)
    lines = [line for line in written(waiting_for(request.getfixturevalue(who))) if "cannot be held" in line.title]
    assert [line.url for line in lines] == [booking.get_absolute_url()] * count


def test_a_guest_finds_the_session_that_begins_soon(award, researcher, donor, reviewer):
    """Whom nobody invites, or nobody any more, finds nothing."""
    booking = BookingFactory(award=award, start=timezone.now() + timedelta(minutes=30))
    for person, withdrawn_at in ((donor, None), (reviewer, timezone.now())):
        booking.session.guests.create(email=person.email, invited_by=researcher, withdrawn_at=withdrawn_at)
    assert [line.url for line in written(waiting_for(donor))] == [booking.session.get_absolute_url()]
    assert written(waiting_for(reviewer)) == []
