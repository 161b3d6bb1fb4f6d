"""Time on an instrument in full: wait for it, repeat it, lose it to a closure and move it, find it anywhere."""

from datetime import timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from bookings.enums import BookingState
from bookings.models import Booking, Session, WaitlistEntry
from bookings.week import week_name
from instruments.models import Certificate, Closure
from tests.factories.bookings import BookingFactory, next_monday_at
from tests.factories.calls import AwardFactory
from tests.factories.trainings import TrainingFactory
from tests.journeys.test_focal_point import slot_at, week_of

plain_too = pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])


@plain_too
def test_who_waits_is_offered_what_another_gives_back(window, post, focal_point, award, stranger_focal_point, script):
    """Every hour of the Monday is taken; one booking is cancelled; who waits answers from the mail, by a button."""
    monday = next_monday_at(8)
    theirs = AwardFactory(holder=stranger_focal_point, instrument=award.instrument, granted_minutes=2400)
    taken = [BookingFactory(award=theirs, start=monday + timedelta(hours=2 * n)) for n in range(4)]
    visit = window(focal_point, script=script)
    visit.open(week_of(award, monday))
    visit.press("No time suits you? Wait for it")
    for label in ("From", "Until"):
        visit.page.get_by_label(label, exact=True).fill(monday.date().isoformat())
    visit.page.get_by_label("What for").fill("A crystal that does not keep")
    visit.press("Join the waiting list")
    assert visit.title() == "You are on the waiting list"
    assert "Place 1 on this instrument" in visit.text()

    other = window(stranger_focal_point, script=script)
    other.open(taken[1].get_absolute_url())
    other.press("Cancel the booking")
    other.press("Cancel the booking")
    offer = Booking.objects.get(state=BookingState.HELD)
    assert offer.start == taken[1].start
    visit.open(post.link_to(focal_point.email, f"/waitlist/{WaitlistEntry.objects.get().ref}/"))
    assert Booking.objects.filter(state=BookingState.HELD).exists(), "opening the mail's link accepts nothing"
    visit.press("Accept this time")
    offer.refresh_from_db()
    award.refresh_from_db()
    assert (offer.state, award.balance_minutes) == (BookingState.CONFIRMED, 480)


@plain_too
def test_the_same_time_every_week_without_the_week_of_a_closure(window, operator, focal_point, award, script):
    monday = next_monday_at(9)
    away = monday + timedelta(days=7)
    Closure.objects.create(instrument=award.instrument, period=(away, away + timedelta(hours=8)), reason="Alignment")
    visit = window(focal_point, script=script, width=320)
    visit.open(week_of(award, monday))
    visit.page.locator(slot_at(monday)).check()
    visit.press("Continue")
    visit.press("Repeat every week")
    visit.page.get_by_label("How many weeks").fill("3")
    visit.press("Show")
    assert visit.page.locator("input[name=chosen]").count() == 2
    assert "Cannot be booked: The instrument is closed during this time." in visit.text()
    visit.press("Book the chosen times")
    booked = list(Booking.objects.order_by("period"))
    assert [booking.start - monday for booking in booked] == [timedelta(), timedelta(days=14)]
    assert len({booking.series for booking in booked}) == 1
    assert visit.sideways() == 0


@plain_too
def test_a_closure_is_previewed_and_who_loses_time_moves_from_the_mail(
    window, post, operator, researcher, award, script
):
    booking = BookingFactory(award=award, start=next_monday_at(9), participants=[researcher])
    visit = window(operator, script=script, zone="Europe/Paris")
    visit.open(f"/en/desk/instruments/{award.instrument.slug}/closures/")
    day = booking.start.date().isoformat()
    for label, hour in (("From", "08:00"), ("Until", "18:00")):
        visit.page.get_by_label(label, exact=True).fill(f"{day}T{hour}")
    visit.page.get_by_label("Reason").fill("The tube is being changed")
    visit.press("Preview")
    assert booking.ref in visit.text()
    assert not Closure.objects.exists(), "a preview closes nothing"
    visit.press("Add the closure")
    assert Closure.objects.count() == 1

    reader = window(researcher, script=script)
    reader.open(post.link_to(researcher.email, f"/bookings/{booking.ref}/move/check/"))
    reader.press("Move the booking")
    moved = Booking.objects.get()
    assert (moved.ref, moved.state) == (booking.ref, BookingState.CONFIRMED)
    assert moved.start.date() != booking.start.date()
    assert moved.version == 1


def test_an_operator_checks_in_and_sees_the_week_of_the_units(window, operator, award):
    soon = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=5)
    booking = BookingFactory(award=award, start=soon)
    visit = window(operator)
    visit.open("/en/lab/")
    visit.follow(visit.page.locator(f"main form[action*='{booking.ref}/check-in/'] button"))
    assert Session.objects.get().operator == operator
    assert "runs this session" in visit.text()
    visit.press("Timeline")
    visit.open(f"/en/lab/timeline/?week={week_name(booking.start.date())}")
    assert visit.page.locator(f"main a[href*='{booking.ref}']").count() >= 1


@plain_too
def test_the_first_free_time_on_any_instrument_is_one_page_from_booked(window, focal_point, award, script):
    visit = window(focal_point, script=script)
    visit.open("/en/instruments/free/?technique=single-crystal-x-ray&length=120")
    visit.follow(visit.page.locator("main a[href*='/book/check/']").first)
    visit.press("Book this time")
    assert visit.title() == "Booked"
    assert Booking.objects.get().award == award


def test_a_calendar_link_is_made_read_and_revoked(window, researcher, award):
    booking = BookingFactory(award=award, start=next_monday_at(9))
    visit = window(researcher)
    visit.open("/en/me/calendars/")
    visit.follow(visit.page.locator("main form[action*='make'] button").first)
    link = visit.page.locator("main input[value$='.ics'], main a[href$='.ics']").first
    address = link.get_attribute("value") or link.get_attribute("href")
    assert address is not None
    answer = visit.context.request.get(address)
    [event] = Calendar.from_ical(answer.body()).events
    assert booking.start == event.DTSTART
    visit.follow(visit.page.locator("main form[action*='revoke'] button").first)
    assert visit.context.request.get(address).status == 404


def test_who_passes_a_training_holds_what_a_third_person_can_check(window, operator, researcher, instrument):
    training = TrainingFactory(instrument=instrument, organisation=instrument.organisation)
    visit = window(researcher)
    visit.open(training.get_absolute_url())
    visit.press("Ask for a place")
    desk = window(operator)
    desk.open(training.get_absolute_url())
    desk.follow(desk.page.locator("main form[action*='/give/'] button").first)
    starts = training.starts_at - timedelta(days=40)
    type(training).objects.update(starts_at=starts, ends_at=starts + timedelta(hours=6), state="held")
    desk.open(f"{training.get_absolute_url()}results/")
    desk.page.get_by_label(f"Result of {researcher.name}").select_option("passed")
    desk.press("Save")
    desk.open(f"{training.get_absolute_url()}close/")
    desk.follow(desk.page.locator("main form[method=post] button").first)
    certificate = Certificate.objects.get(person=researcher)
    stranger = window(None)
    assert stranger.open(certificate.get_absolute_url()) == 200
    assert researcher.name in stranger.text()
    assert instrument.name in stranger.text()
