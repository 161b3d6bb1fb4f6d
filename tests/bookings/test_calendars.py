"""The calendar behind a secret address: whose bookings, in whose words, how much of them, and whether it changed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookings.actions.calendar import make_calendar, revoke_calendar
from bookings.actions.changes import cancel_booking, move_booking
from bookings.models import Booking, CalendarFeed
from bookings.slots import Span
from calls.models import Award
from instruments.actions import add_closure, remove_closure
from instruments.models import Closure, Instrument
from portal.accounts.enums import MembershipState, Role
from portal.accounts.models import Organisation, User
from portal.core.sealing import unseal
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.bookings import BookingFactory, next_monday_at
from tests.factories.calls import AwardFactory
from tests.factories.instruments import InstrumentFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
Change = Callable[[Booking], object]


def address(link: CalendarFeed) -> str:
    return reverse("calendar:feed", args=[unseal(link.sealed_token)])


def get(link: CalendarFeed, **headers: str) -> HttpResponse:
    return Client(headers=headers).get(address(link))  # type: ignore[arg-type,return-value]


def events(link: CalendarFeed) -> dict[str, icalendar.Event]:
    """By title, which these tests keep apart."""
    answer = get(link)
    assert answer.status_code == 200
    found = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert len({str(event["SUMMARY"]) for event in found}) == len(found)
    return {str(event["SUMMARY"]): event for event in found}


def only(link: CalendarFeed) -> icalendar.Event:
    (event,) = events(link).values()
    return event


@pytest.fixture
def booking(award: Award, focal_point: User) -> Booking:
    return BookingFactory(award=award, booked_by=focal_point)


@pytest.fixture
def own(researcher: User) -> CalendarFeed:
    return make_calendar(by=researcher)


def on(instrument: Instrument, user: User) -> CalendarFeed:
    return make_calendar(instrument, by=user)


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


# --- Which links answer ----------------------------------------------------------------------


@pytest.mark.parametrize("token", ["x", "a" * 43, "-_" * 20])
def test_an_unknown_address_is_not_there(token: str) -> None:
    assert Client().get(f"/calendar/{token}.ics").status_code == 404


def test_a_revoked_one_is_not_there_either(own: CalendarFeed, researcher: User) -> None:
    revoke_calendar(own, by=researcher)

    unknown, revoked = Client().get(f"/calendar/{'a' * 43}.ics"), get(own)

    assert revoked.status_code == unknown.status_code == 404
    assert revoked.content.replace(address(own).encode(), b"") == unknown.content.replace(
        f"/calendar/{'a' * 43}.ics".encode(), b""
    )


def test_nor_is_that_of_a_closed_account(own: CalendarFeed, researcher: User) -> None:
    User.objects.filter(pk=researcher.pk).update(is_active=False)

    assert get(own).status_code == 404


def test_nor_that_of_an_instrument_one_may_no_longer_see(instrument: Instrument, donor: User, operator: User) -> None:
    links = on(instrument, donor), on(instrument, operator)
    Instrument.objects.update(state="retired")

    assert [get(link).status_code for link in links] == [404, 200]


def test_it_needs_no_sign_in_and_changes_nothing(own: CalendarFeed, booking: Booking) -> None:
    before = CalendarFeed.objects.values().get()

    answer = get(own)

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["X-Robots-Tag"] == "noindex"
    assert {"private", "no-cache"} <= set(answer["Cache-Control"].split(", "))
    assert not answer.cookies
    assert CalendarFeed.objects.values().get() == before
    assert Client().post(address(own)).status_code == 405


# --- Whether it changed ----------------------------------------------------------------------


def test_a_calendar_that_did_not_change_is_not_sent_again(own: CalendarFeed, booking: Booking) -> None:
    first = get(own)

    assert get(own)["ETag"] == first["ETag"]
    again = get(own, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert get(own, **{"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    assert Client().head(address(own)).status_code == 200


def _renamed(booking: Booking) -> None:
    User.objects.filter(pk=booking.award.holder_id).update(name="Amina R.")


def _moved(booking: Booking) -> None:
    move_booking(booking, Span(next_monday_at(13), next_monday_at(15)), by=booking.booked_by)


def _of_booking(**fields: Any) -> Change:
    return lambda booking: Booking.objects.filter(pk=booking.pk).update(**fields)


def _of_instrument(**fields: Any) -> Change:
    return lambda booking: Instrument.objects.filter(pk=booking.instrument_id).update(**fields)


def _of_owner(**fields: Any) -> Change:
    return lambda _booking: User.objects.filter(calendar_feeds__isnull=False).update(**fields)


def _of_laboratory(booking: Booking) -> None:
    Organisation.objects.filter(pk=booking.instrument.organisation_id).update(name="Laboratory of the Alps")


def _of_institute(booking: Booking) -> None:
    Organisation.objects.filter(pk=booking.organisation_id).update(name="Mountain University")


def _of_award(booking: Booking) -> None:
    Award.objects.filter(pk=booking.award_id).update(title="Another title")


def _one_more(booking: Booking) -> None:
    booking.participants.add(UserFactory(name="Zoe Zander"))


def _one_less(booking: Booking) -> None:
    booking.participants.clear()


def _booked(booking: Booking) -> None:
    BookingFactory(award=booking.award, start=next_monday_at(17), participants=[booking.award.holder])


def _gone(booking: Booking) -> None:
    booking.participants.clear()
    booking.delete()


def _closed(booking: Booking) -> None:
    Closure.objects.create(instrument=booking.instrument, period=booking.period, reason="Service")


def _closed_for_another_reason(booking: Booking) -> None:
    _closed(booking)
    Closure.objects.update(reason="Laser")


def _run_by_nobody(booking: Booking) -> None:
    booking.instrument.organisation.memberships.update(state=MembershipState.ENDED)


def _run_by_all(booking: Booking) -> None:
    for user in User.objects.filter(calendar_feeds__isnull=False).exclude(memberships__role=Role.OPERATOR):
        MembershipFactory(user=user, organisation=booking.instrument.organisation, role=Role.OPERATOR)


CHANGES = [
    *(_renamed, _moved, _one_more, _one_less, _booked, _gone, _closed, _closed_for_another_reason),
    *(_of_laboratory, _of_institute, _of_award, _run_by_nobody, _run_by_all),
    *(_of_booking(state=state) for state in ("requested", "completed", "cancelled", "failed", "released")),
    *(_of_booking(ref="ZZZZZZZZ"), _of_booking(version=7), _of_booking(updated_at=datetime(2026, 1, 1, tzinfo=UTC))),
    *(_of_instrument(**{name: "Other"}) for name in ("name_en", "name_fr", "place", "slug", "summary_en")),
    *(_of_instrument(time_zone="Africa/Cairo"), _of_instrument(state="suspended")),
    *(_of_owner(language="fr"), _of_owner(time_zone="Asia/Tokyo"), _of_owner(name="Renamed"), _of_owner(is_staff=True)),
]


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_they_say_anew_is_sent(
    change: Change, instrument: Instrument, booking: Booking, researcher: User, operator: User, donor: User
) -> None:
    """The tag is made without the text; here the text tells whether the old tag may still be answered 304."""
    links = [make_calendar(by=researcher), on(instrument, operator), on(instrument, donor)]
    before = [get(link) for link in links]

    change(booking)

    for link, first in zip(links, before, strict=True):
        is_same = get(link).content == first.content
        assert get(link, **{"If-None-Match": first["ETag"]}).status_code == 200 or is_same


def test_what_is_told_no_longer_is_news(own: CalendarFeed, booking: Booking, focal_point: User) -> None:
    """Nothing is written on the day a booking that was given up leaves the calendar, nor as another one grows old."""
    BookingFactory(award=booking.award, start=booking.start + DAY, participants=[booking.award.holder])
    cancel_booking(booking, by=focal_point)
    for moment in (timezone.now() + 30 * DAY, booking.start + DAY + 365 * DAY):
        with time_machine.travel(moment - timedelta(seconds=5), tick=False):
            before = get(own)
        with time_machine.travel(moment + timedelta(seconds=5), tick=False):
            after = get(own, **{"If-None-Match": before["ETag"]})
        assert after.status_code == 200
        assert after.content.count(b"BEGIN:VEVENT") == before.content.count(b"BEGIN:VEVENT") - 1


def test_programs_that_go_by_dates_read_a_corrected_name_within_a_day(own: CalendarFeed, booking: Booking) -> None:
    noon = datetime.combine(timezone.now().date() + DAY, datetime.min.time(), UTC) + timedelta(hours=12)
    with time_machine.travel(noon):
        date = get(own)["Last-Modified"]
        _renamed(booking)
    with time_machine.travel(noon + DAY):
        assert get(own, **{"If-Modified-Since": date}).status_code == 200


# --- Statements ------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_own_calendar_takes_five_statements(
    count: int, own: CalendarFeed, award: Award, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        other = AwardFactory(holder=award.holder, instrument=InstrumentFactory())
        BookingFactory(award=other, start=next_monday_at(9) + number * DAY, participants=[award.holder, UserFactory()])
    with django_assert_num_queries(5):
        assert get(own).content.count(b"BEGIN:VEVENT") == count


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "statements"), [("operator", 6), ("donor", 7), ("staff", 6)])
def test_calendar_of_an_instrument_takes_a_fixed_number(
    count: int,
    name: str,
    statements: int,
    instrument: Instrument,
    request: pytest.FixtureRequest,
    django_assert_num_queries: Any,
) -> None:
    link = on(instrument, request.getfixturevalue(name))
    for number in range(count):
        BookingFactory(award=AwardFactory(instrument=instrument), start=next_monday_at(9) + number * DAY)
        period = (next_monday_at(20) + number * DAY, next_monday_at(22) + number * DAY)
        unit = instrument.units.get()
        Closure.objects.create(instrument=instrument, unit=unit, period=period, reason="Service")
    with django_assert_num_queries(statements):
        assert get(link).content.count(b"BEGIN:VEVENT") == 2 * count
    tag = get(link)["ETag"]
    with django_assert_num_queries(3):  # link, instrument, tag
        assert get(link, **{"If-None-Match": tag}).status_code == 304
