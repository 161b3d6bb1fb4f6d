"""The desk's preview shows what saving would do, and does nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bookings.actions.booking import book_time
from bookings.models import Booking
from instruments.models import Closure
from portal.audit.models import Record
from portal.notifications.models import Notification
from tests.factories.bookings import BookingFactory

pytestmark = pytest.mark.django_db

DESK = "/en/desk/instruments/alpine-diffractometer/"


@pytest.fixture
def at_lab(client: Client, operator: Any) -> Client:
    client.force_login(operator)
    return client


@pytest.fixture
def booking(instrument, award, monday, researcher):
    return book_time(instrument, monday, award, by=researcher)


@pytest.fixture
def unchanged(instrument, booking):
    """What must be as it was after a preview."""

    def look() -> list[Any]:
        booking = Booking.objects.get()
        rows = list(instrument.opening_hours.values_list()), type(instrument.policy).objects.values_list()[0]
        counts = Closure.objects.count(), Notification.objects.count(), Record.objects.count()
        return [*rows, *counts, booking.disturbances, booking.occupied]

    before = look()
    yield
    assert look() == before


def typed_hours() -> dict[str, str]:
    hours = {f"opens_{day}_0": "14:00" for day in range(5)} | {f"closes_{day}_0": "17:00" for day in range(5)}
    return hours | {"preview": "1"}


def test_hours_as_they_would_be_and_the_bookings_outside(at_lab, booking, unchanged):
    page = at_lab.post(f"{DESK}hours/", typed_hours())
    text = page.content.decode()
    assert page.status_code == 200
    for part in ("nothing is saved yet", "14:00–17:00", "09:00–17:00", booking.ref, "1 booking would no longer fit"):
        assert part in text


def closing(span, **changes: str) -> dict[str, str]:
    return {
        "starts": f"{span.start:%Y-%m-%dT}09:00", "ends": f"{span.end + timedelta(days=1):%Y-%m-%dT}12:00",
        "unit": "", "reason": "Service", "preview": "1",
    } | changes  # fmt: skip


def test_a_closure_with_its_days_and_the_bookings_in_it(at_lab, booking, monday, unchanged):
    text = at_lab.post(f"{DESK}closures/", closing(monday)).content.decode()
    for part in ("nothing is saved yet", "09:00–24:00", "00:00–12:00", booking.ref):
        assert part in text


def test_a_closure_that_would_be_refused_is_refused_in_the_preview_too(at_lab, booking, monday, unchanged):
    page = at_lab.post(f"{DESK}closures/", closing(monday, ends="2026-01-01T09:00"))
    assert (page.status_code, "must end after it begins" in page.content.decode()) == (422, True)


def typed_policy(**changes: str) -> dict[str, str]:
    return {
        "day_starts": "10:00", "step": "60", "shortest": "1", "longest": "8", "notice": "0", "horizon_days": "90",
        "before": "0", "after": "30", "weekly_limit": "", "open_bookings_limit": "", "confirm_by": "12",
        "cancel_notice": "24", "late_cancel_percent": "0", "offer_minutes": "12", "preview": "1",
        "standby_minutes": "10", "days_kept": "180",
    } | changes  # fmt: skip


def test_a_policy_with_what_is_new_and_what_is_gone(at_lab, booking, unchanged):
    text = at_lab.post(f"{DESK}policy/", typed_policy(longest="4")).content.decode()
    for part in ("from 1 hour to 4 hours.</b>", "<s>A booking lasts from 1 hour to 8 hours.</s>", "would still fit"):
        assert part in text


def test_a_policy_names_neighbours_that_would_be_too_near(at_lab, instrument, award, monday):
    first = BookingFactory(award=award, start=monday.start, minutes=60)
    BookingFactory(award=award, start=monday.start + timedelta(hours=1), minutes=60)
    text = at_lab.post(f"{DESK}policy/", typed_policy()).content.decode()
    assert "1 booking would no longer fit" in text
    assert first.ref in text
    assert {row.occupied == row.period for row in Booking.objects.all()} == {True}


def test_saving_after_the_preview_says_what_no_longer_fits(at_lab, booking):
    hours = typed_hours()
    del hours["preview"]
    text = at_lab.post(f"{DESK}hours/", hours, follow=True).content.decode()
    assert f"stands until moved or cancelled: {booking.ref}" in text
    assert Booking.objects.get().disturbances == ["hours"]


def test_the_form_of_a_closure_can_be_filled_in_by_a_link(at_lab, instrument):
    page = at_lab.get(f"{DESK}closures/?starts=2027-03-22T09:00&ends=2027-03-22T12:00").content.decode()
    assert 'value="2027-03-22T09:00"' in page
    assert 'value="2027-03-22T12:00"' in page
    assert at_lab.get(f"{DESK}closures/?starts=%00x&unit=seven").status_code == 200
