"""The calendar behind a secret address: whose bookings, in whose words, how much of them."""

import pytest
import time_machine
from django.utils import timezone

from bookings.actions.calendar import make_calendar
from bookings.actions.changes import cancel_booking, move_booking
from bookings.models import Booking, CalendarFeed
from bookings.slots import Span
from instruments.actions import add_closure, remove_closure
from instruments.models import Instrument
from portal.accounts.enums import MembershipState
from portal.accounts.models import User
from tests.bookings.calendar_feeds.steps import DAY, events, get, on, only
from tests.factories.bookings import BookingFactory, next_monday_at
from tests.factories.calls import AwardFactory
from tests.factories.instruments import InstrumentFactory

pytestmark = pytest.mark.django_db


def test_an_own_booking_in_full(own: CalendarFeed, booking: Booking) -> None:
    event = only(own)

    assert event["UID"] == f"booking-{booking.ref.lower()}@testserver"
    assert (event["SUMMARY"], event["STATUS"], event["TRANSP"]) == ("Alpine diffractometer", "CONFIRMED", "OPAQUE")
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (booking.start, booking.end)
    assert event["DTSTART"].params["TZID"] == "Europe/Paris"
    assert event["LOCATION"] == "Alpine Crystallography Laboratory, Grenoble"
    assert event["URL"] == f"http://testserver/en/bookings/{booking.ref}/"
    assert "ATTENDEE" not in event
    words = str(event["DESCRIPTION"]).split("\n")
    assert "Nairobi time" in words[0]
    assert words[0].endswith("at the lab in Grenoble")
    assert words[1:] == [
        "Takes part: Amina Researcher",
        f"Award: {booking.award.title}",
        f"Reference: {booking.ref}",
        f"http://testserver/en/bookings/{booking.ref}/",
    ]


def test_in_the_owner_s_language_and_zone(own: CalendarFeed, booking: Booking, researcher: User) -> None:
    User.objects.filter(pk=researcher.pk).update(language="fr", time_zone="Europe/Paris")

    event = only(own)

    assert event["SUMMARY"] == booking.instrument.name_fr
    assert event["URL"] == f"http://testserver/fr/bookings/{booking.ref}/"
    assert "at the lab" not in event["DESCRIPTION"].split("\n")[0], "clocks show the same there"
    assert get(own)["Content-Language"] == "fr"


@pytest.mark.parametrize(
    ("state", "title", "status"),
    [
        ("held", "Held for you: Alpine diffractometer", "TENTATIVE"),
        ("requested", "Waiting for the laboratory: Alpine diffractometer", "TENTATIVE"),
        ("confirmed", "Alpine diffractometer", "CONFIRMED"),
        ("completed", "Alpine diffractometer", "CONFIRMED"),
        ("missed", "Alpine diffractometer", "CONFIRMED"),
        ("declined", "Declined: Alpine diffractometer", "CANCELLED"),
        ("cancelled", "Cancelled: Alpine diffractometer", "CANCELLED"),
        ("lapsed", "Lapsed: Alpine diffractometer", "CANCELLED"),
        ("failed", "Failed: Alpine diffractometer", "CANCELLED"),
        ("released", None, None),
    ],
)
def test_what_each_state_is_called(
    own: CalendarFeed, booking: Booking, state: str, title: str | None, status: str | None
) -> None:
    Booking.objects.filter(pk=booking.pk).update(state=state, held_until=timezone.now(), version=3)

    found = events(own)

    assert list(found) == ([title] if title else [])
    if title:
        assert found[title]["STATUS"] == status
        assert found[title]["SEQUENCE"] == (7 if status == "CANCELLED" else 6)
        assert found[title]["TRANSP"] == ("TRANSPARENT" if status == "CANCELLED" else "OPAQUE")


def test_one_event_through_moves_and_cancellation(own: CalendarFeed, booking: Booking, focal_point: User) -> None:
    first = only(own)
    move_booking(booking, Span(next_monday_at(13), next_monday_at(15)), by=focal_point)
    moved = only(own)
    cancel_booking(booking, by=focal_point)
    cancelled = only(own)

    assert first["UID"] == moved["UID"] == cancelled["UID"]
    assert [event["SEQUENCE"] for event in (first, moved, cancelled)] == [0, 2, 3]
    assert moved["DTSTART"].dt == next_monday_at(13)
    assert [event["STATUS"] for event in (first, moved, cancelled)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert first["DTSTAMP"].dt <= moved["DTSTAMP"].dt <= cancelled["DTSTAMP"].dt


def test_what_was_given_up_is_told_for_thirty_days(own: CalendarFeed, booking: Booking, focal_point: User) -> None:
    cancel_booking(booking, by=focal_point)

    with time_machine.travel(timezone.now() + 29 * DAY):
        assert list(events(own)) == ["Cancelled: Alpine diffractometer"]
    with time_machine.travel(timezone.now() + 31 * DAY):
        assert list(events(own)) == []


def test_the_past_goes_back_a_year(own: CalendarFeed, booking: Booking) -> None:
    with time_machine.travel(booking.start + 364 * DAY):
        assert len(events(own)) == 1
    with time_machine.travel(booking.start + 366 * DAY):
        assert len(events(own)) == 0


def test_who_booked_for_others_reads_it_and_is_free_then(focal_point: User, booking: Booking) -> None:
    event = only(make_calendar(by=focal_point))

    assert event["TRANSP"] == "TRANSPARENT"
    assert "Takes part: Amina Researcher" in event["DESCRIPTION"]


def test_a_focal_point_who_left_reads_no_more_of_it(focal_point: User, booking: Booking) -> None:
    link = make_calendar(by=focal_point)
    assert len(events(link)) == 1

    focal_point.memberships.update(state=MembershipState.ENDED)

    assert len(events(link)) == 0


def test_who_takes_part_reads_it_whoever_holds_the_award(booking: Booking, donor: User) -> None:
    booking.participants.add(donor)

    assert "Take part: Amina Researcher, Dora Donor" in only(make_calendar(by=donor))["DESCRIPTION"]


@pytest.mark.parametrize("name", ["operator", "staff", "stranger_focal_point"])
def test_an_own_calendar_holds_nobody_else_s_bookings(
    name: str, booking: Booking, request: pytest.FixtureRequest
) -> None:
    assert events(make_calendar(by=request.getfixturevalue(name))) == {}


@pytest.mark.parametrize("name", ["operator", "staff"])
def test_who_runs_an_instrument_reads_names(
    name: str, instrument: Instrument, booking: Booking, request: pytest.FixtureRequest
) -> None:
    event = only(on(instrument, request.getfixturevalue(name)))

    assert event["SUMMARY"] == "Alpine diffractometer: Lakeside University"
    assert "Takes part: Amina Researcher" in event["DESCRIPTION"]
    assert event["TRANSP"] == "TRANSPARENT"


@pytest.mark.parametrize("name", ["donor", "stranger_operator", "stranger_focal_point", "stranger_researcher"])
def test_others_read_that_it_is_busy_and_nothing_else(
    name: str, instrument: Instrument, booking: Booking, request: pytest.FixtureRequest
) -> None:
    link = on(instrument, request.getfixturevalue(name))

    event = only(link)

    assert (event["SUMMARY"], event["TRANSP"]) == ("Busy", "TRANSPARENT")
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (booking.start, booking.end)
    assert "URL" not in event
    text = get(link).content.decode().replace("\r\n ", "")
    secrets = (booking.ref, booking.ref.lower(), booking.award.title, "Lakeside", "Amina", "Farid", booking.award.ref)
    assert [secret for secret in secrets if secret in text] == []


def test_busy_times_keep_their_identity_in_one_calendar_and_share_none_between_two(
    instrument: Instrument, booking: Booking, donor: User, stranger_operator: User
) -> None:
    mine, other = on(instrument, donor), on(instrument, stranger_operator)

    assert only(mine)["UID"] == only(mine)["UID"] != only(other)["UID"]


def test_own_ones_stand_in_full_beside_the_busy_times_of_others(
    instrument: Instrument, booking: Booking, researcher: User
) -> None:
    BookingFactory(award=AwardFactory(instrument=instrument), start=next_monday_at(13))

    found = events(on(instrument, researcher))

    assert set(found) == {"Alpine diffractometer", "Busy"}
    assert found["Alpine diffractometer"]["TRANSP"] == "OPAQUE"


def test_what_others_gave_up_is_no_news(instrument: Instrument, booking: Booking, donor: User) -> None:
    Booking.objects.update(state="cancelled")

    assert events(on(instrument, donor)) == {}


@pytest.mark.parametrize("name", ["operator", "donor"])
def test_closures_of_the_instrument_stand_in_its_calendar_for_everybody(
    name: str, instrument: Instrument, operator: User, request: pytest.FixtureRequest
) -> None:
    link, start = on(instrument, request.getfixturevalue(name)), next_monday_at(9)
    tag = get(link)["ETag"]
    closure, _hit = add_closure(instrument, start, start + DAY, "Laser serviced; no entry", by=operator)
    add_closure(InstrumentFactory(organisation=instrument.organisation), start, start + DAY, "Elsewhere", by=operator)
    event = only(link)
    assert get(link)["ETag"] != tag
    assert str(event["SUMMARY"]) == f"Closed: {instrument.name}"
    assert str(event["DESCRIPTION"]).startswith("Laser serviced; no entry\n")
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (start, start + DAY)
    assert event["TRANSP"] == "TRANSPARENT"
    remove_closure(closure, by=operator)
    assert not events(link)


def test_an_own_calendar_has_no_closures(own: CalendarFeed, booking: Booking, operator: User) -> None:
    add_closure(booking.instrument, booking.start, booking.end, "Service", by=operator)
    assert "Closed" not in str(only(own)["SUMMARY"])


def test_a_calendar_of_an_instrument_shows_no_other(instrument: Instrument, staff: User) -> None:
    BookingFactory()

    assert events(on(instrument, staff)) == {}
