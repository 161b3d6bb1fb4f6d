"""Many at one offer: accepted, declined, left, expired and booked over at once; real transactions, real connections."""

import itertools
from collections import Counter
from datetime import timedelta

import pytest
from django.db.models import Sum
from django.utils import timezone

from bookings.actions.booking import book_time
from bookings.actions.changes import cancel_booking
from bookings.actions.waitlist import (
    accept_offer,
    decline_offer,
    expire_offers,
    join_waitlist,
    leave_waitlist,
    serve_waitlist,
)
from bookings.enums import ACTIVE
from bookings.models import Booking, WaitlistEntry
from bookings.slots import Span
from calls.models import Award
from portal.core.errors import Refused
from tests.bookings.test_races import all_at_once
from tests.factories.bookings import BookingFactory
from tests.factories.calls import AwardFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def award_of(researcher, institute, instrument):
    def make():
        return AwardFactory(holder=researcher, organisation=institute, instrument=instrument)

    return make


@pytest.fixture
def crowd(award_of, researcher, monday):
    """Ten who wait for two hours that somebody has booked; the rest of the day is taken."""
    booked = book_time(award_of().instrument, monday, award_of(), by=researcher)
    BookingFactory(award=award_of(), start=monday.start - timedelta(hours=9), minutes=540)
    BookingFactory(award=award_of(), start=monday.end, minutes=600)
    window = Span(monday.start - timedelta(hours=1), monday.start + timedelta(hours=7))
    entries = [join_waitlist([award_of()], window, 120, by=researcher) for _ in range(10)]
    return booked, entries


def check_promises():
    """What must hold after everything: no overlap, ledgers that add up, one offer a place, states that agree."""
    rows = list(Booking.objects.occupying().order_by("unit", "occupied"))
    for one, other in itertools.pairwise(rows):
        assert one.unit_id != other.unit_id or one.occupied.upper <= other.occupied.lower
    for award in Award.objects.filter(entries__isnull=False).distinct():
        assert award.balance_minutes == award.entries.aggregate(total=Sum("minutes"))["total"] >= 0
    held = Counter(Booking.objects.filter(state="held").values_list("entry", flat=True))
    offered = set(WaitlistEntry.objects.filter(state="offered").values_list("pk", flat=True))
    assert set(held) == offered
    assert not [count for count in held.values() if count > 1]


def failures(outcomes):
    return [outcome for outcome in outcomes if isinstance(outcome, Exception) and not isinstance(outcome, Refused)]


def test_twenty_at_one_offer(crowd, researcher, award_of, monday):
    booked, entries = crowd
    cancel_booking(booked, by=researcher)
    offer = Booking.objects.get(state="held")
    others = [award_of() for _ in range(5)]
    deeds = [lambda: accept_offer(offer, by=researcher)] * 5
    deeds += [lambda: decline_offer(offer, by=researcher)] * 5
    deeds += [lambda award=award: book_time(award.instrument, monday, award, by=researcher) for award in others]
    deeds += [lambda entry=entry: leave_waitlist(entry, by=researcher) for entry in entries[:5]]
    outcomes = all_at_once(lambda deed: deed(), deeds, threads=20)

    assert failures(outcomes) == []
    check_promises()
    offer.refresh_from_db()
    answered = sum(isinstance(outcome, Booking) and outcome.pk == offer.pk for outcome in outcomes)
    assert answered == 1 or (answered == 0 and offer.entry.state == "left")  # who declines may still leave
    assert Booking.objects.filter(state__in=ACTIVE, period__overlap=offer.period).count() == 1


def test_offers_over_their_time_meet_those_who_book_and_accept(crowd, researcher, award_of, monday, time_machine):
    booked, _ = crowd
    cancel_booking(booked, by=researcher)
    offer = Booking.objects.get(state="held")
    others = [award_of() for _ in range(8)]
    time_machine.move_to(offer.held_until + timedelta(seconds=1))
    deeds = [expire_offers] * 4 + [serve_waitlist] * 4 + [lambda: accept_offer(offer, by=researcher)] * 4
    deeds += [lambda award=award: book_time(award.instrument, monday, award, by=researcher) for award in others]
    outcomes = all_at_once(lambda deed: deed(), deeds, threads=20)

    assert failures(outcomes) == []
    check_promises()
    offer.refresh_from_db()
    assert offer.state == "released"
    assert all(outcome.codes == ["offer_expired"] for outcome in outcomes[8:12])
    assert Booking.objects.filter(state__in=ACTIVE, period__overlap=offer.period).count() == 1


def test_many_releases_at_once_never_offer_twice(award_of, researcher, monday, instrument):
    """Eight bookings are cancelled at once on two units, and twelve wait on the same instrument."""
    instrument.units.create(name="Unit 2")
    periods = [Span(monday.start + timedelta(hours=n), monday.start + timedelta(hours=n + 1)) for n in range(4)]
    booked = [book_time(instrument, period, award_of(), by=researcher) for period in periods for _ in range(2)]
    window = Span(monday.start, monday.start + timedelta(hours=4))
    for _ in range(12):
        join_waitlist([award_of()], window, 60, by=researcher)
    outcomes = all_at_once(lambda row: cancel_booking(row, by=researcher), booked, threads=8)

    assert failures(outcomes) == []
    serve_waitlist()
    check_promises()
    assert Booking.objects.filter(state="held").count() == 8
    assert WaitlistEntry.objects.filter(state="waiting").count() == 4
    assert Booking.objects.filter(state="held", held_until__lte=timezone.now()).count() == 0
