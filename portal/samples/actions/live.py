"""A session live on the practice instrument, or about to begin: whoever opens the demo finds one."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from bookings.actions.booking import book_time, schedule_session, stored
from bookings.actions.session import advance_session
from bookings.actions.telling import tell_requested
from bookings.enums import BookingState, SessionState
from bookings.facts import Facts
from bookings.free import Occupancy
from bookings.locks import lock_instrument
from bookings.models import Booking, Session
from bookings.policy import reasons_against
from bookings.slots import DAY, MINUTE, Span
from calls.actions.ledger import spend
from calls.models import Award
from instruments.models import Instrument
from portal.accounts.models import User
from portal.audit.actions import record
from portal.samples.actions.instruments import PRACTICE

SOON = timedelta(minutes=10)
LENGTHS = (90, 60, 30)  # minutes, the longest that is free
PURPOSE = "First look at the mounted crystal"
COMING = (SessionState.SCHEDULED, SessionState.QUEUED, SessionState.READY, SessionState.LIVE)


@transaction.atomic
def put_live_session(holder: User, now: datetime) -> Booking | None:
    """Add a session of `holder` that runs at `now` or begins within ten minutes, unless there is one.

    None where somebody has changed the demo so far that none fits: the instrument suspended or booked, no hours left.
    """
    instrument = Instrument.objects.get(slug=PRACTICE)
    _catch_up(instrument, now)
    if is_live_or_soon(instrument, now):
        return None
    lock_instrument(instrument)
    facts = Facts.read(instrument, Span(now - DAY, now + DAY))
    occupancy = Occupancy.read(facts)
    for award in Award.objects.bookable_by(holder).filter(holder=holder, instrument=instrument).order_by("pk"):
        for period in _periods(facts, now):
            unit = occupancy.free_unit(facts, period)
            has_hours = award.balance_minutes >= facts.cost(period)
            if unit and has_hours and not reasons_against(facts, period, period.start - MINUTE, award):
                return _begin(facts, award, unit, period) if period.start <= now else _book(award, period)
    return None


def is_live_or_soon(instrument: Instrument, now: datetime) -> bool:
    sessions = Session.objects.filter(booking__instrument=instrument, state__in=COMING)
    return sessions.filter(starts_at__lte=now + SOON, ends_at__gt=now).exists()


def _catch_up(instrument: Instrument, now: datetime) -> None:
    """Do what the clock would have done while the portal was down."""
    for session in Session.objects.due_at(now).filter(booking__instrument=instrument).select_related("booking"):
        advance_session(session.booking)


def _periods(facts: Facts, now: datetime) -> Iterator[Span]:
    """From the step that began last, if not long ago, or the next one; the longest first."""
    starts = [slot.start for slot in facts.slots(facts.policy.step)]
    near = (start for start in starts if now - 2 * SOON <= start <= now + SOON)
    for start in near:
        for minutes in LENGTHS:
            yield Span(start, start + minutes * MINUTE)


def _begin(facts: Facts, award: Award, unit: int, period: Span) -> Booking:
    """Book a period that has begun, which the action refuses to everybody; its door opens once a worker has asked."""
    holder = award.holder
    booking = Booking(
        instrument=facts.instrument,
        unit_id=unit,
        award=award,
        organisation=award.organisation,
        booked_by=holder,
        purpose=PURPOSE,
        state=BookingState.CONFIRMED,
        **stored(facts, period),
    )
    spend(award, booking.minutes, booking=booking.ref, by=holder)
    booking.save(force_insert=True)
    booking.participants.add(holder)
    schedule_session(booking)
    record(booking, "request", by=holder, after=booking.state)
    tell_requested(booking, [holder])
    # Nothing has been asked yet whether it answers: its operators are not to be called for that.
    Session.objects.filter(booking=booking).update(answer_told_at=timezone.now())
    advance_session(booking)
    return booking


def _book(award: Award, period: Span) -> Booking:
    """Book what begins in a few minutes, and let the clock prepare its session at once."""
    booking = book_time(award.hours_on, period, award, by=award.holder, purpose=PURPOSE)
    advance_session(booking)
    return booking
