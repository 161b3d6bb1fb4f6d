"""A focal point confirms a colleague, and books, moves and cancels for their researchers."""

from datetime import timedelta

import pytest

from bookings.enums import BookingState
from bookings.models import Booking
from bookings.week import week_name
from portal.accounts.enums import MembershipState
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.bookings import BookingFactory, next_monday_at
from tests.factories.calls import AwardFactory


def week_of(award, moment):
    week = week_name(moment.date())
    return f"/en/instruments/{award.instrument.slug}/book/?week={week}&length=120&award={award.ref}"


def slot_at(moment):
    return f"input[name=slot][value='{moment.strftime('%Y-%m-%dT%H:%MZ')}']"


def test_a_colleague_who_asked_is_confirmed(window, focal_point, institute):
    asked = MembershipFactory(
        user=UserFactory(name="Neema Newcomer"), organisation=institute, state=MembershipState.REQUESTED
    )
    visit = window(focal_point)
    visit.open("/en/me/")
    visit.press(f"1 person asks to join {institute.name}")
    visit.press("Confirm Neema Newcomer")
    asked.refresh_from_db()
    assert asked.state == MembershipState.CONFIRMED


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_book_move_and_cancel(window, focal_point, award, script):
    first, second = next_monday_at(9), next_monday_at(9) + timedelta(days=1)
    visit = window(focal_point, script=script)
    page = visit.page
    visit.open(week_of(award, first))
    page.locator(slot_at(first)).check()
    visit.press("Continue")
    page.get_by_label("What for").fill("Two crystals of copper")
    visit.press("Book this time")
    booking = Booking.objects.get()
    assert (booking.start, booking.booked_by) == (first, focal_point)
    assert [person.pk for person in booking.participants.all()] == [award.holder_id]

    visit.open(booking.get_absolute_url())
    visit.press("Move this booking")
    assert visit.title() == "Choose a new time"
    page.locator(slot_at(second)).check()
    visit.press("Continue")
    visit.press("Move the booking")
    booking.refresh_from_db()
    assert (booking.start, booking.state) == (second, BookingState.CONFIRMED)

    visit.press("Cancel the booking")
    visit.press("Cancel the booking")
    booking.refresh_from_db()
    award.refresh_from_db()
    assert (booking.state, award.balance_minutes) == (BookingState.CANCELLED, 600)


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_of_two_who_want_one_slot_the_second_is_offered_three_others(
    window, focal_point, award, stranger_focal_point, elsewhere, script
):
    theirs = AwardFactory(holder=stranger_focal_point, organisation=elsewhere, instrument=award.instrument)
    moment = next_monday_at(9)
    quick, slow = window(focal_point, script=script), window(stranger_focal_point, script=script)
    for visit, own in ((quick, award), (slow, theirs)):
        visit.open(week_of(own, moment))
        visit.page.locator(slot_at(moment)).check()
        visit.press("Continue")
    quick.press("Book this time")
    with slow.page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        slow.press("Book this time")
    assert answer.value.status == 409
    assert slow.page.title().startswith("Error:")

    others = slow.page.locator(".error-summary a[href*='/check/']")
    assert others.count() == 3
    slow.follow(others.nth(1))
    slow.press("Book this time")
    assert slow.title() == "Booked"
    assert Booking.objects.filter(state=BookingState.CONFIRMED).count() == 2


def test_a_reader_sees_times_in_the_zone_of_the_device_after_one_click(window, focal_point, award):
    visit = window(focal_point, zone="Africa/Dakar")
    visit.open(week_of(award, next_monday_at(9)))
    assert "Times are in Nairobi time" in visit.text()
    visit.press("Use it")
    assert "Times are in Dakar time" in visit.text()
    focal_point.refresh_from_db()
    assert focal_point.time_zone == "Africa/Dakar"


def test_a_booked_time_of_others_names_nobody(window, focal_point, award, stranger_focal_point, elsewhere):
    theirs = AwardFactory(holder=stranger_focal_point, organisation=elsewhere, instrument=award.instrument)
    BookingFactory(award=theirs, start=next_monday_at(9))
    visit = window(focal_point)
    visit.open(week_of(award, next_monday_at(9)))
    assert "Booked" in visit.text()
    assert theirs.title not in visit.page.content()
    assert stranger_focal_point.name not in visit.page.content()
