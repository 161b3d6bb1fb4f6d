"""Many at one queue: called, taken, left, expired, booked over and closed at once, on real connections."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.actions.booking import book_time
from bookings.actions.changes import cancel_booking
from bookings.actions.standby import accept_call, call_standby, end_waits, expire_calls, join_standby, leave_standby
from bookings.enums import ACTIVE, BookingState, StandbyState
from bookings.models import Booking, StandbyEntry
from bookings.slots import Span
from instruments import actions as laboratory
from portal.accounts.enums import Role
from portal.core.errors import Refused
from tests.bookings.test_races import all_at_once
from tests.factories.accounts import MembershipFactory
from tests.factories.calls import AwardFactory
from tests.support.promises import broken_promises

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


@pytest.fixture
def award_of(institute, instrument, monday, time_machine):
    """Awards of different people; it is eight in the morning, the laboratory opens in an hour."""
    instrument.policy.has_standby = True
    instrument.policy.save()
    time_machine.move_to(monday.start - 2 * HOUR, tick=False)

    def make():
        holder = MembershipFactory(organisation=institute, role=Role.RESEARCHER).user
        return AwardFactory(holder=holder, organisation=institute, instrument=instrument)

    return make


@pytest.fixture
def waiting(award_of):
    """Ten who wait for two hours of a day that has eight."""
    awards = [award_of() for _ in range(10)]
    return [join_standby(award, 120, timezone.now() + 12 * HOUR, by=award.holder) for award in awards]


def failures(outcomes):
    return [outcome for outcome in outcomes if isinstance(outcome, Exception) and not isinstance(outcome, Refused)]


def entries():
    return list(StandbyEntry.objects.for_list().order_by("created_at", "pk"))


def test_ten_workers_call_one_and_the_right_one(waiting):
    outcomes = all_at_once(lambda deed: deed(), [call_standby] * 10, threads=10)
    assert failures(outcomes) == []
    assert sum(outcomes) == 1
    assert [entry.state for entry in entries()] == [StandbyState.CALLED] + [StandbyState.WAITING] * 9
    assert list(broken_promises()) == []


def test_answering_leaving_expiring_and_booking_over_at_once(waiting, award_of, instrument, monday):
    call_standby()
    called = entries()[0]
    holder = called.award.holder
    period = Span(called.booking.start, called.booking.end)
    others = [award_of() for _ in range(4)]
    deeds = [lambda: accept_call(called, by=holder)] * 5
    deeds += [lambda: leave_standby(called, by=holder)] * 3
    deeds += [call_standby] * 3 + [expire_calls] * 2 + [end_waits]
    deeds += [lambda award=award: book_time(instrument, period, award, by=award.holder) for award in others]
    outcomes = all_at_once(lambda deed: deed(), deeds, threads=18)
    assert failures(outcomes) == []
    assert list(broken_promises()) == []
    call_standby()  # who left last may have left the time to nobody: the clock goes on
    taken = Booking.objects.filter(state__in=ACTIVE, period__overlap=(period.start, period.end))
    assert taken.count() == 1


def test_a_call_over_its_time_meets_those_who_take_it(waiting, instrument, award_of, time_machine):
    call_standby()
    called = entries()[0]
    period = Span(called.booking.start, called.booking.end)
    time_machine.move_to(called.booking.held_until + timedelta(seconds=1), tick=False)
    other = award_of()
    deeds = [lambda: accept_call(called, by=called.award.holder)] * 6 + [expire_calls] * 4 + [call_standby] * 4
    deeds += [lambda: book_time(instrument, period, other, by=other.holder)] * 3
    outcomes = all_at_once(lambda deed: deed(), deeds, threads=17)
    assert failures(outcomes) == []
    assert all(isinstance(outcome, Refused) for outcome in outcomes[:6])
    assert list(broken_promises()) == []
    assert entries()[0].state == StandbyState.PASSED


def test_one_person_at_ten_windows_takes_one_place(award_of):
    award = award_of()
    until = timezone.now() + 12 * HOUR
    joins = [lambda: join_standby(award, 120, until, by=award.holder)] * 10
    outcomes = all_at_once(lambda deed: deed(), joins, threads=10)
    assert failures(outcomes) == []
    assert {outcome.pk for outcome in outcomes} == {StandbyEntry.objects.get().pk}


def test_a_day_of_everything_at_once_keeps_every_promise(waiting, instrument, operator, award_of, time_machine):
    """Every few minutes of a morning: ticks of two beats, answers, cancellations, a closure that comes and goes."""
    closure = None
    for minutes in (6, 6, 12, 6, 6, 12, 60, 6, 12):  # twelve are more than a call waits
        called = [entry for entry in entries() if entry.state == StandbyState.CALLED]
        booked = list(
            Booking.objects.for_page().filter(state=BookingState.CONFIRMED, period__startswith__gt=timezone.now())
        )
        deeds = [call_standby, call_standby, expire_calls, end_waits]
        deeds += [lambda entry=entry: accept_call(entry, by=entry.award.holder) for entry in called]
        deeds += [lambda row=row: cancel_booking(row, by=row.award.holder) for row in booked[:1]]
        if closure is None:
            deeds.append(lambda: laboratory.add_closure(instrument, *_soon(), "A leak", by=operator)[0])
        else:
            deeds.append(lambda shut=closure: laboratory.remove_closure(shut, by=operator))
        outcomes = all_at_once(lambda deed: deed(), deeds, threads=min(len(deeds), 8))
        assert failures(outcomes) == []
        assert list(broken_promises()) == []
        closure = outcomes[-1] if closure is None and not isinstance(outcomes[-1], Exception) else None
        time_machine.move_to(timezone.now() + timedelta(minutes=minutes), tick=False)
    assert Booking.objects.filter(standby_entry__isnull=False).exists()


def _soon():
    now = timezone.now()
    return now + 2.5 * HOUR, now + 3.5 * HOUR
