"""Series that meet: real transactions on real connections."""

from uuid import uuid4

import pytest

from bookings.actions.series import book_series, cancel_series
from bookings.models import Booking
from bookings.slots import DAY, Span
from calls.models import Award
from portal.core.errors import Refused
from tests.bookings.test_races import all_at_once
from tests.factories.calls import AwardFactory

pytestmark = pytest.mark.django_db(transaction=True)


def weeks(first: Span, count: int) -> list[Span]:
    return [Span(first.start + 7 * n * DAY, first.end + 7 * n * DAY) for n in range(count)]


def test_of_many_series_that_share_a_week_one_is_booked_whole(instrument, institute, researcher, monday):
    awards = [AwardFactory(holder=researcher, organisation=institute, instrument=instrument) for _ in range(10)]
    starts = weeks(monday, 3)

    def deed(wish: tuple[int, Award]) -> list[Booking]:
        turn, award = wish  # each begins in another of the first three weeks, and all take the third
        return book_series(instrument, weeks(starts[turn % 3], 3), award, by=researcher)

    outcomes = all_at_once(deed, list(enumerate(awards)), threads=10)
    assert [type(outcome) for outcome in outcomes].count(list) == 1
    assert all(outcome.status == 409 for outcome in outcomes if isinstance(outcome, Refused))
    assert Booking.objects.count() == 3
    assert sorted(Award.objects.values_list("balance_minutes", flat=True)) == [240] + [600] * 9


def test_one_form_sent_from_many_hands_books_once(instrument, institute, researcher, monday):
    award = AwardFactory(holder=researcher, organisation=institute, instrument=instrument)
    key = uuid4()
    outcomes = all_at_once(
        lambda _turn: book_series(instrument, weeks(monday, 3), award, by=researcher, form_key=key), range(8), threads=8
    )
    assert len({tuple(row.pk for row in rows) for rows in outcomes}) == 1
    assert Booking.objects.count() == 3
    award.refresh_from_db()
    assert award.balance_minutes == 240


def test_a_series_cancelled_from_many_hands_returns_its_hours_once(instrument, institute, researcher, monday):
    award = AwardFactory(holder=researcher, organisation=institute, instrument=instrument)
    booked = book_series(instrument, weeks(monday, 3), award, by=researcher)
    outcomes = all_at_once(lambda turn: cancel_series(booked[turn % 3], by=researcher), range(6), threads=6)
    assert [type(outcome) for outcome in outcomes].count(list) == 1
    assert {tuple(outcome.codes) for outcome in outcomes if isinstance(outcome, Refused)} == {("nothing_left",)}
    award.refresh_from_db()
    assert award.balance_minutes == 600
