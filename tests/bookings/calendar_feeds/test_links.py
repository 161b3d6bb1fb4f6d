"""Which calendar links answer, and how many statements that takes."""

from typing import Any

import pytest
from django.test import Client

from bookings.actions.calendar import revoke_calendar
from bookings.models import Booking, CalendarFeed
from calls.models import Award
from instruments.models import Closure, Instrument
from portal.accounts.models import User
from tests.bookings.calendar_feeds.steps import DAY, address, get, on
from tests.factories.accounts import UserFactory
from tests.factories.bookings import BookingFactory, next_monday_at
from tests.factories.calls import AwardFactory
from tests.factories.instruments import InstrumentFactory

pytestmark = pytest.mark.django_db


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
