"""Two hundred people at one slot, and other crowds: real transactions on real connections."""

import itertools
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Sum
from django.utils import timezone

from bookings.actions.booking import book_time
from bookings.actions.changes import cancel_booking, move_booking
from bookings.models import Booking
from bookings.slots import Span
from calls.models import Award
from instruments.models import Closure, Instrument
from portal.core.errors import Refused, Taken
from portal.core.retry import broken_constraint
from tests.factories.bookings import BookingFactory
from tests.factories.calls import AwardFactory

pytestmark = pytest.mark.django_db(transaction=True)


def all_at_once(deed, arguments, threads):
    """Run `deed` for every argument, as many at a time as there are threads; return what each came to."""
    ready = threading.Barrier(threads)
    waited = threading.local()

    def run(argument):
        try:
            if not hasattr(waited, "done"):
                waited.done = True
                ready.wait(timeout=60)
            return deed(argument)
        except Exception as error:  # noqa: BLE001 the outcome is what the test looks at
            return error
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, arguments))


def test_two_hundred_bookings_of_one_slot_leave_one(instrument, institute, researcher, monday):
    awards = [AwardFactory(holder=researcher, organisation=institute, instrument=instrument) for _ in range(200)]
    outcomes = all_at_once(lambda award: book_time(instrument, monday, award, by=researcher), awards, threads=40)

    kinds = Counter(type(outcome) for outcome in outcomes)
    assert kinds == {Booking: 1, Taken: 199}
    winner = Booking.objects.get()
    balances = Counter(Award.objects.values_list("balance_minutes", flat=True))
    assert balances == {600: 199, 480: 1}
    for refusal in (outcome for outcome in outcomes if isinstance(outcome, Taken)):
        assert len(refusal.alternatives) == 3
        assert all(not Span(*pair).overlaps(winner.span) for pair in refusal.alternatives)


def test_overlapping_wishes_of_many_never_overlap(instrument, institute, researcher, monday):
    instrument.units.create(name="Unit 2")
    awards = [AwardFactory(holder=researcher, organisation=institute, instrument=instrument) for _ in range(24)]
    wishes = [
        (award, Span(monday.start + timedelta(hours=n % 4 - 1), monday.end + timedelta(hours=n % 4 - 1)))
        for n, award in enumerate(awards)
    ]
    all_at_once(lambda wish: book_time(instrument, wish[1], wish[0], by=researcher), wishes, threads=12)
    rows = list(Booking.objects.order_by("unit", "period"))
    assert rows
    for one, other in itertools.pairwise(rows):
        assert one.unit_id != other.unit_id or one.end <= other.start


def test_one_award_is_never_overspent(instrument, award, researcher, monday):
    times = [
        Span(monday.start + timedelta(days=day, hours=hour), monday.start + timedelta(days=day, hours=hour + 2))
        for day in range(5)
        for hour in (-1, 1, 3)
    ]
    outcomes = all_at_once(lambda period: book_time(instrument, period, award, by=researcher), times, threads=15)
    award.refresh_from_db()
    booked = [outcome for outcome in outcomes if isinstance(outcome, Booking)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert (len(booked), award.balance_minutes) == (5, 0)
    assert {code for refusal in refused for code in refusal.codes} == {"not_enough_hours"}
    assert award.entries.aggregate(total=Sum("minutes"))["total"] == 0


def test_moves_and_cancellations_at_once_keep_the_ledger(instrument, award, researcher, monday):
    booking = book_time(instrument, monday, award, by=researcher)

    def deed(n):
        if n % 2:
            return cancel_booking(booking, by=researcher)
        hours = timedelta(days=1, hours=n // 2)
        return move_booking(booking, Span(monday.start + hours, monday.end + hours), by=researcher)

    outcomes = all_at_once(deed, range(8), threads=8)
    assert sum(isinstance(outcome, Booking) and outcome.state == "cancelled" for outcome in outcomes) == 1
    assert all(isinstance(outcome, Booking | Refused) for outcome in outcomes)
    award.refresh_from_db()
    assert award.balance_minutes == 600 == award.entries.aggregate(total=Sum("minutes"))["total"]


def test_a_form_sent_twice_at_once_books_once(instrument, award, researcher, monday):
    instrument.units.create(name="Unit 2")
    key = UUID("6c5c1f5e-0d5a-4a8e-9a43-7a1d8f0f6f10")
    outcomes = all_at_once(
        lambda _: book_time(instrument, monday, award, by=researcher, form_key=key), range(6), threads=6
    )
    assert {outcome.pk for outcome in outcomes} == {Booking.objects.get().pk}
    award.refresh_from_db()
    assert award.balance_minutes == 480


def test_the_constraint_itself_guards_the_table(instrument, award, monday):
    BookingFactory(award=award, start=monday.start)
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        BookingFactory(award=award, start=monday.start + timedelta(hours=1))
    assert broken_constraint(refusal.value) == "booking_never_overlaps"
    BookingFactory(award=award, start=monday.start, state="cancelled")
    BookingFactory(award=award, start=monday.end)


def test_two_bookings_exchange_their_times_in_one_transaction(instrument, award, monday):
    one = BookingFactory(award=award, start=monday.start)
    other = BookingFactory(award=award, start=monday.end)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS booking_never_overlaps DEFERRED")
        Booking.objects.filter(pk=one.pk).update(period=other.period, occupied=other.occupied)
        Booking.objects.filter(pk=other.pk).update(period=one.period, occupied=one.occupied)
    one.refresh_from_db()
    assert one.start == monday.end


def test_a_closure_and_a_booking_see_each_other(instrument, award, researcher, monday):
    """Whoever closes holds the instrument; the booking waits, looks again, and is refused."""
    closing, closed = threading.Event(), threading.Event()

    def close(_):
        with transaction.atomic():
            Instrument.objects.select_for_update().get(pk=instrument.pk)
            closing.set()
            closed.wait(2)
            Closure.objects.create(
                instrument=instrument, period=DateTimeTZRange(monday.start, monday.end), reason="Leak"
            )

    def book(_):
        closing.wait(60)
        timer = threading.Timer(0.5, closed.set)
        timer.start()
        return book_time(instrument, monday, award, by=researcher)

    outcomes = all_at_once(lambda deed: deed(None), [close, book], threads=2)
    assert outcomes[0] is None
    assert outcomes[1].codes == ["closed"]
    assert not Booking.objects.filter(period__endswith__gt=timezone.now()).exists()
