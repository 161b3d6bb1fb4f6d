"""What mails about a booking ask calendar programs to do, read from the mails themselves."""

import email
import email.policy
from datetime import timedelta

import icalendar
import pytest

from bookings.actions.booking import book_time
from bookings.actions.changes import cancel_booking, confirm_booking, decline_booking, fail_booking, move_booking
from bookings.actions.participants import set_participants
from bookings.models import Booking
from bookings.slots import Span
from calls.models import Award
from portal.accounts.models import User
from portal.notifications.kinds import KINDS
from portal.notifications.mail import mail_of
from portal.notifications.models import Notification
from portal.notifications.rendering import Renderer
from tests.factories.bookings import BookingFactory, next_monday_at

pytestmark = pytest.mark.django_db
AFTERNOON = Span(next_monday_at(13), next_monday_at(13) + timedelta(hours=2))


def read(reader: User, event: str) -> icalendar.Calendar | None:
    """The calendar in the mail of a kind to a reader; None where the mail has none."""
    row = Notification.objects.get(kind=f"bookings.{event}", user=reader)
    kind = KINDS[row.kind]
    letter = Renderer().letter(kind, row)
    assert letter is not None
    message = email.message_from_bytes(mail_of(kind, row, letter).as_bytes(), policy=email.policy.default)
    found = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    if not found:
        return None
    (part,) = found
    calendar = icalendar.Calendar.from_ical(part.get_payload(decode=True))
    assert calendar["METHOD"] == part.get_param("method")
    return calendar


def told(reader: User, event: str) -> tuple[str, icalendar.Event]:
    calendar = read(reader, event)
    assert calendar is not None
    (found,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), found


@pytest.fixture
def booking(award: Award, focal_point: User, monday: Span) -> Booking:
    return book_time(award.hours_on, monday, award, by=focal_point, participants=[award.holder])


def test_a_confirmed_booking_is_entered_for_its_reader_alone(
    booking: Booking, researcher: User, focal_point: User
) -> None:
    method, event = told(researcher, "confirmed")

    assert (method, event["STATUS"], event["SEQUENCE"], event["TRANSP"]) == ("REQUEST", "CONFIRMED", 0, "OPAQUE")
    assert event["UID"] == f"booking-{booking.ref.lower()}@testserver"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (booking.start, booking.end)
    attendee = event["ATTENDEE"]
    assert attendee == f"mailto:{researcher.email}"
    assert attendee.params["CN"] == "Amina Researcher"
    assert (attendee.params["PARTSTAT"], attendee.params["RSVP"]) == ("ACCEPTED", "FALSE")
    assert focal_point.email not in event.to_ical().decode()
    assert "at the lab in Grenoble" in event["DESCRIPTION"]
    assert told(focal_point, "confirmed")[1]["TRANSP"] == "TRANSPARENT", "who books for others is free then"


def test_the_organizer_is_whoever_the_mail_is_from(booking: Booking, researcher: User) -> None:
    row = Notification.objects.get(kind="bookings.confirmed", user=researcher)
    letter = Renderer().letter(KINDS[row.kind], row)
    assert letter is not None
    sender = email.utils.parseaddr(mail_of(KINDS[row.kind], row, letter).from_email)[1]

    assert told(researcher, "confirmed")[1]["ORGANIZER"] == f"mailto:{sender}"


def test_operators_get_no_entry_but_the_words(booking: Booking, operator: User, focal_point: User) -> None:
    later = BookingFactory(award=booking.award, start=next_monday_at(15))
    cancel_booking(later, by=focal_point)

    assert read(operator, "cancelled") is None


def test_a_move_changes_the_same_entry(booking: Booking, researcher: User, focal_point: User) -> None:
    entered = told(researcher, "confirmed")[1]
    move_booking(booking, AFTERNOON, by=focal_point)

    method, event = told(researcher, "moved")

    assert (method, event["UID"]) == ("REQUEST", entered["UID"])
    assert event["SEQUENCE"] == 2 > entered["SEQUENCE"]
    assert event["DTSTART"].dt == AFTERNOON.start
    assert event["DTSTAMP"].dt >= entered["DTSTAMP"].dt


def test_a_cancellation_after_a_move_takes_it_out(booking: Booking, researcher: User, focal_point: User) -> None:
    move_booking(booking, AFTERNOON, by=focal_point)
    cancel_booking(Booking.objects.get(), by=focal_point)

    method, event = told(researcher, "cancelled")

    assert (method, event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 3)
    assert event["ATTENDEE"] == f"mailto:{researcher.email}"


def test_what_the_laboratory_cannot_keep_is_taken_out(booking: Booking, researcher: User, staff: User) -> None:
    fail_booking(booking, by=staff, why="No power.")

    assert told(researcher, "failed")[0] == "CANCEL"


def test_a_request_is_entered_once_it_is_confirmed(award: Award, monday: Span, operator: User) -> None:
    award.hours_on.policy.needs_confirmation = True
    award.hours_on.policy.save()
    booking = book_time(award.hours_on, monday, award, by=award.holder)
    assert read(award.holder, "requested") is None

    confirm_booking(booking, by=operator)

    assert told(award.holder, "confirmed")[0] == "REQUEST"


def test_a_request_that_asks_again_after_a_move_stands_as_tentative_and_goes_when_declined(
    booking: Booking, researcher: User, focal_point: User, operator: User
) -> None:
    booking.instrument.policy.needs_confirmation = True
    booking.instrument.policy.save()
    move_booking(booking, AFTERNOON, by=focal_point)
    asked = told(researcher, "moved")
    decline_booking(Booking.objects.get(), by=operator, why="The source is tired.")

    declined = told(researcher, "declined")

    assert (asked[0], asked[1]["STATUS"]) == ("REQUEST", "TENTATIVE")
    assert (declined[0], declined[1]["SEQUENCE"]) == ("CANCEL", 3)


def test_in_the_reader_s_language(award: Award, monday: Span, researcher: User) -> None:
    User.objects.filter(pk=researcher.pk).update(language="fr", name='Amina "Nina"; Évora\r\n')
    book_time(award.hours_on, monday, award, by=User.objects.get(pk=researcher.pk))

    event = told(researcher, "confirmed")[1]

    assert event["SUMMARY"] == award.hours_on.name_fr
    assert event["ATTENDEE"].params["CN"].strip() == "Amina 'Nina'; Évora"
    assert f"/fr/bookings/{Booking.objects.get().ref}/" in event["URL"]


def test_who_no_longer_takes_part_has_it_taken_out_and_reads_no_more_of_it(
    booking: Booking, researcher: User, focal_point: User, donor: User
) -> None:
    booking.award.members.add(donor)
    set_participants(booking, [researcher, donor], by=focal_point)
    added = told(donor, "added")
    set_participants(booking, [researcher], by=focal_point)

    method, event = told(donor, "removed")

    assert (added[0], added[1]["UID"]) == ("REQUEST", event["UID"])
    assert (method, event["STATUS"], event["ATTENDEE"]) == ("CANCEL", "CANCELLED", f"mailto:{donor.email}")
    assert "DESCRIPTION" not in event


def test_a_holder_who_no_longer_takes_part_keeps_the_entry_and_is_free_then(
    booking: Booking, researcher: User, focal_point: User, donor: User
) -> None:
    booking.award.members.add(donor)
    set_participants(booking, [donor], by=focal_point)

    method, event = told(researcher, "removed")

    assert (method, event["STATUS"], event["TRANSP"]) == ("REQUEST", "CONFIRMED", "TRANSPARENT")
