"""What could not be kept is shown to its people with three other times, to the laboratory without."""

from datetime import timedelta

import pytest
from django.utils import translation

from bookings.actions.booking import book_time
from bookings.actions.changes import cancel_booking, fail_booking
from portal.notifications.kinds import KINDS
from portal.notifications.models import Notification
from portal.notifications.rendering import Renderer
from tests.factories.bookings import BookingFactory

pytestmark = pytest.mark.django_db


def letter(address: str) -> str:
    row = Notification.objects.get(kind="bookings.failed", address=address)
    with translation.override("en"):
        found = Renderer().letter(KINDS[row.kind], row)
    assert found is not None
    return found.text


def test_its_people_are_offered_three_times_and_the_laboratory_none(
    instrument, award, monday, researcher, operator, client, time_machine
):
    booking = book_time(instrument, monday, award, by=researcher)
    time_machine.move_to(monday.start + timedelta(minutes=10), tick=False)
    fail_booking(booking, by=operator, why="Power cut.")
    links = [line.strip() for line in letter(researcher.email).splitlines() if "/book/check/?" in line]
    assert len(set(links)) == 3
    assert "/book/check/" not in letter(operator.email)
    client.force_login(researcher)
    page = client.get("/en/" + links[0].split("/en/", 1)[1])
    assert (page.status_code, "Book this time" in page.content.decode()) == (200, True)


def test_the_times_lie_within_the_award(instrument, award, monday, researcher, operator):
    booking = book_time(instrument, monday, award, by=researcher)
    award.valid_until = monday.start.date()
    award.save()
    fail_booking(booking, by=operator, why="Power cut.")
    lines = [line for line in letter(researcher.email).splitlines() if "/book/check/?" in line]
    days = [line.split("slot=")[1][:10] for line in lines]
    assert days
    assert max(days) <= monday.start.date().isoformat()


def test_cancelling_an_offer_of_the_waiting_list_returns_no_hours(award, monday, researcher):
    held = BookingFactory(award=award, start=monday.start, state="held", held_until=monday.start)
    assert cancel_booking(held, by=researcher).state == "cancelled"
    award.refresh_from_db()
    assert award.balance_minutes == 600
