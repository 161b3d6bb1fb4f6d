"""What a booking was debited is what goes back or is used, whatever the laboratory's policy has become since."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Sum

from bookings.actions.booking import book_time
from bookings.actions.changes import (
    cancel_booking,
    confirm_booking,
    decline_booking,
    fail_booking,
    lapse_booking,
    move_booking,
)
from bookings.actions.session import advance_session, begin_session, complete_mail_in, end_session
from bookings.api.booking import BookingSerializer
from bookings.models import Booking
from bookings.slots import Span
from calls.models import Award, LedgerEntry
from instruments.enums import AccessMode
from instruments.models import Instrument
from portal.core.errors import Refused
from portal.core.retry import broken_constraint
from tests.factories.bookings import BookingFactory
from tests.factories.calls import AwardFactory
from tests.factories.instruments import InstrumentFactory

pytestmark = pytest.mark.django_db

GRANTED = 6000


def paris(text):
    return datetime.fromisoformat(text)


# The clock goes forward in the night to Sunday: the whole day from ten to ten has 23 hours and costs 24.
HOURS = Span(paris("2027-03-27T10:00+01:00"), paris("2027-03-27T12:00+01:00"))
DAY = Span(paris("2027-03-27T10:00+01:00"), paris("2027-03-28T10:00+02:00"))
OTHER_HOURS = Span(paris("2027-03-30T10:00+02:00"), paris("2027-03-30T13:00+02:00"))
OTHER_DAY = Span(paris("2027-03-30T10:00+02:00"), paris("2027-03-31T10:00+02:00"))


@pytest.fixture(autouse=True)
def early_in_march(time_machine):
    time_machine.move_to(paris("2027-03-15T08:00+00:00"), tick=False)


@pytest.fixture
def instrument(laboratory):
    """Open day and night; takes two hours as well as three days."""
    hours, policy = [(day, 0, 1440) for day in range(7)], {"longest": 4320, "confirm_by": 720}
    return InstrumentFactory(organisation=laboratory, hours=hours, policy=policy)


@pytest.fixture
def award(early_in_march, researcher, institute, instrument):
    return AwardFactory(holder=researcher, organisation=institute, instrument=instrument, granted_minutes=GRANTED)


@pytest.fixture(params=[False, True], ids=["hours, then whole days", "whole days, then hours"])
def whole_days(request):
    """Whether the booking was made in whole days; the laboratory changes to the other afterwards."""
    return request.param


@pytest.fixture
def debited(whole_days):
    return 1440 if whole_days else 120


@pytest.fixture
def book(instrument, award, researcher, whole_days):
    """Book under one policy, and give the booking under the other."""

    def deed(**policy) -> Booking:
        set_policy(instrument, whole_days=whole_days, **policy)
        booking = book_time(instrument, DAY if whole_days else HOURS, award, by=researcher)
        set_policy(instrument, whole_days=not whole_days)
        return Booking.objects.get(pk=booking.pk)

    return deed


def set_policy(instrument: Instrument, **fields) -> None:
    for name, value in fields.items():
        setattr(instrument.policy, name, value)
    instrument.policy.save()


def entries(booking: Booking) -> list[tuple[str, int]]:
    return list(LedgerEntry.objects.filter(booking=booking.ref).order_by("pk").values_list("kind", "minutes"))


def check_balance(award: Award, spent: int) -> None:
    """The balance and the sum of the ledger are both what was granted less `spent`."""
    award.refresh_from_db()
    assert award.balance_minutes == GRANTED - spent == award.entries.aggregate(sum=Sum("minutes"))["sum"]


def test_cancelling_returns_what_was_debited(book, award, researcher, debited):
    booking = book()
    cancel_booking(booking, by=researcher)
    assert entries(booking) == [("booked", -debited), ("released", debited)]
    check_balance(award, 0)


def test_a_late_cancellation_keeps_its_share_of_what_was_debited(book, award, researcher, debited, time_machine):
    booking = book(late_cancel_percent=50)
    time_machine.move_to(booking.start - timedelta(hours=3), tick=False)
    cancel_booking(booking, by=researcher)
    assert entries(booking) == [("booked", -debited), ("released", debited // 2)]
    check_balance(award, debited // 2)


def test_a_late_move_is_refused_where_a_share_would_be_kept(book, award, researcher, debited, whole_days, time_machine):
    booking = book(late_cancel_percent=50)
    time_machine.move_to(booking.start - timedelta(hours=3), tick=False)
    with pytest.raises(Refused) as refusal:
        move_booking(booking, OTHER_HOURS if whole_days else OTHER_DAY, by=researcher)
    assert refusal.value.codes == ["too_late_to_move"]
    check_balance(award, debited)


def test_declining_returns_what_was_debited(book, award, operator, debited):
    booking = book(needs_confirmation=True)
    decline_booking(booking, by=operator, why="The detector is away.")
    assert entries(booking) == [("booked", -debited), ("released", debited)]
    check_balance(award, 0)


def test_lapsing_returns_what_was_debited(book, award, debited, time_machine):
    booking = book(needs_confirmation=True)
    time_machine.move_to(booking.confirm_until, tick=False)
    lapse_booking(booking)
    assert entries(booking) == [("booked", -debited), ("released", debited)]
    check_balance(award, 0)


def test_failing_returns_what_was_debited(book, award, operator, debited):
    booking = book()
    fail_booking(booking, by=operator, why="Power cut.")
    assert entries(booking) == [("booked", -debited), ("released", debited)]
    check_balance(award, 0)


def test_an_instrument_that_never_answers_returns_what_was_debited(book, instrument, award, debited, time_machine):
    booking = book()
    instrument.link = ""
    instrument.save()
    time_machine.move_to(booking.end, tick=False)
    advance_session(booking)
    assert entries(booking) == [("booked", -debited), ("released", debited)]
    check_balance(award, 0)


def test_moving_settles_the_difference_to_what_was_debited(book, award, researcher, debited, whole_days):
    booking = book()
    moved = move_booking(booking, OTHER_HOURS if whole_days else OTHER_DAY, by=researcher)
    now = 180 if whole_days else 1440
    assert Booking.objects.get(pk=moved.pk).minutes == now
    assert entries(booking) == [("booked", -debited), ("released", 1260) if whole_days else ("booked", -1320)]
    check_balance(award, now)

    cancel_booking(moved, by=researcher)
    check_balance(award, 0)


def test_a_session_that_runs_to_its_end_uses_what_was_debited(book, award, researcher, debited, time_machine):
    booking = book()
    time_machine.move_to(booking.start, tick=False)
    begin_session(booking, by=researcher)
    time_machine.move_to(booking.end, tick=False)
    advance_session(booking)
    assert entries(booking) == [("booked", -debited), ("used", 0)]
    check_balance(award, debited)


def test_mail_in_work_uses_what_was_debited(book, instrument, award, debited, time_machine):
    instrument.access_mode = AccessMode.MAIL_IN
    instrument.save()
    booking = book()
    time_machine.move_to(booking.end, tick=False)
    complete_mail_in(booking)
    assert entries(booking) == [("booked", -debited), ("used", 0)]
    check_balance(award, debited)


def test_an_early_end_never_returns_more_than_was_debited(book, award, researcher, whole_days, debited, time_machine):
    """Begun hours count, or the begun day: which holds the whole of two hours."""
    booking = book()
    time_machine.move_to(booking.start, tick=False)
    begin_session(booking, by=researcher)
    time_machine.move_to(booking.start + timedelta(minutes=70), tick=False)
    end_session(booking, by=researcher)
    assert entries(booking) == [("booked", -debited), ("used", 1320 if whole_days else 0)]
    check_balance(award, 120)


def test_pages_and_api_show_what_was_debited(book, client, researcher, debited):
    booking = book()
    client.force_login(researcher)
    assert f", {debited // 60} h</dd>" in client.get(booking.get_absolute_url()).content.decode()
    assert BookingSerializer(booking).data["hours"] == debited / 60


def test_the_check_of_a_move_counts_what_would_come_back(book, client, researcher, whole_days):
    booking = book()
    there = OTHER_HOURS if whole_days else OTHER_DAY
    length = 180 if whole_days else 1440
    client.force_login(researcher)
    query = {"slot": there.start.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ"), "length": length}
    response = client.get(f"/en/bookings/{booking.ref}/move/check/", query)
    assert response.context["left"] == GRANTED - length


@pytest.mark.parametrize(("shortest", "length"), [(60, "own"), (1440, 1440)])
def test_a_move_offers_the_bookings_length_where_it_is_still_allowed(
    book, client, instrument, researcher, debited, shortest, length
):
    booking = book()
    set_policy(instrument, shortest=shortest)
    client.force_login(researcher)
    response = client.get(f"/en/bookings/{booking.ref}/move/")
    assert response.context["minutes"] == (debited if length == "own" else length)


def test_the_weekly_limit_counts_what_was_debited(book, instrument, award, researcher, whole_days):
    """A whole day and two hours of one week, the later booked first: 1560 minutes."""
    book()
    start = paris("2027-03-24T10:00+01:00")
    other = Span(start, start + timedelta(hours=2 if whole_days else 24))
    set_policy(instrument, weekly_limit=1559)
    with pytest.raises(Refused) as refusal:
        book_time(instrument, other, award, by=researcher)
    assert refusal.value.codes == ["weekly_limit"]
    set_policy(instrument, weekly_limit=1560)
    book_time(instrument, other, award, by=researcher)
    check_balance(award, 1560)


def test_confirming_debits_nothing_again(book, award, operator, debited):
    booking = confirm_booking(book(needs_confirmation=True), by=operator)
    assert booking.minutes == debited
    check_balance(award, debited)


def test_a_booking_is_never_free(award):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        BookingFactory(award=award, period=DateTimeTZRange(HOURS.start, HOURS.end), minutes=0)
    assert broken_constraint(refusal.value) == "booking_debits_minutes"
