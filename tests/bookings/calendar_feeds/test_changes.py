"""Whether a calendar changed since it was last read."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from bookings.actions.calendar import make_calendar
from bookings.actions.changes import cancel_booking, move_booking
from bookings.models import Booking, CalendarFeed
from bookings.slots import Span
from calls.models import Award
from instruments.models import Closure, Instrument
from portal.accounts.enums import MembershipState, Role
from portal.accounts.models import Organisation, User
from tests.bookings.calendar_feeds.steps import DAY, Change, address, get, on
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.bookings import BookingFactory, next_monday_at

pytestmark = pytest.mark.django_db


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
