"""Call those who wait when time is free soon, in the order in which they came. All of it follows from the rows."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from bookings import notices
from bookings.actions.holds import lapse_expired_holds, move_standby, people_of_offer
from bookings.enums import BookingState, StandbyState
from bookings.facts import Facts
from bookings.free import Occupancy
from bookings.locks import lock_instrument
from bookings.models import Booking, StandbyEntry
from bookings.policy import verdict
from bookings.slots import MINUTE, Span
from bookings.standing import Standing
from bookings.turns import FOR_PLANNERS, ahead, earliest, earliest_start, is_open, turns_of
from instruments.models import Instrument
from portal.audit.actions import record
from portal.core.retry import in_transaction
from portal.notifications.actions import notify

logger = logging.getLogger(__name__)
ASKED = 100  # of one queue in one go


def call_standby() -> int:
    """Call those whose turn it is; return how many. It looks without locks first: mostly there is nobody to call."""
    now, called = timezone.now(), 0
    instruments = list(Instrument.objects.filter(standby_entries__state=StandbyState.WAITING).order_by("pk").distinct())
    if not instruments:
        return 0
    found = [replace(facts, window=_soon(facts, now)) for facts in Facts.read_many(instruments, Span(now, now))]
    many = [facts for facts in found if is_open(facts)]
    for facts, occupancy in zip(many, Occupancy.read_many(many), strict=True):
        waiting = StandbyEntry.objects.waiting().filter(instrument=facts.instrument)[:ASKED]
        if not any(turn.period for turn in turns_of(facts, occupancy, waiting, now)):
            continue
        try:
            called += in_transaction(partial(_call, facts.instrument, now))
        except Exception:
            logger.exception("instrument %s: its stand-by queue was not served", facts.instrument.slug)
    return called


def _call(instrument: Instrument, now: datetime) -> int:
    """Under the instrument's lock: hold time for each in turn whom the rules allow it."""
    lock_instrument(instrument)
    read = Facts.read(instrument, Span(now, now))
    facts = replace(read, window=_soon(read, now))
    if not is_open(facts):
        return 0
    occupancy, called = Occupancy.read(facts), 0
    waiting = StandbyEntry.objects.waiting().filter(instrument=instrument, until__gt=now)
    rows = waiting.select_for_update(of=("self",), skip_locked=True, no_key=True)
    for entry in rows.select_related("award__holder", "asked_by")[:ASKED]:
        within = Span(earliest_start(facts, now), entry.until)
        found = earliest(facts, occupancy, entry.minutes, within, now)
        if found is None or not _may_have(entry, facts, found[1], now):
            continue
        unit, period = found
        _hold(entry, facts, unit, period, now)
        occupancy, called = occupancy.having(unit, facts.occupied(period)), called + 1
    return called


def _soon(facts: Facts, now: datetime) -> Span:
    """Time that begins then is called out: until the next step at least, so that none passes between two ticks."""
    return Span(now, now + ahead(facts) + timedelta(seconds=1))


def _may_have(entry: StandbyEntry, facts: Facts, period: Span, now: datetime) -> bool:
    """Whether award, limits and people allow it now, and somebody is there to answer."""
    standing = Standing.read(entry.award, facts, now)
    codes = {reason.code for reason in verdict(facts, period, now, standing)} - FOR_PLANNERS
    return not codes and bool(standing.may_book)


def _hold(entry: StandbyEntry, facts: Facts, unit: int, period: Span, now: datetime) -> None:
    occupied = facts.occupied(period)
    lapse_expired_holds([unit], occupied)
    booking = Booking(
        instrument=facts.instrument,
        unit_id=unit,
        period=DateTimeTZRange(period.start, period.end),
        occupied=DateTimeTZRange(occupied.start, occupied.end),
        minutes=facts.cost(period),
        award=entry.award,
        organisation_id=entry.award.organisation_id,
        booked_by=entry.asked_by,
        purpose=entry.purpose,
        state=BookingState.HELD,
        held_until=min(now + facts.policy.standby_minutes * MINUTE, period.start),
    )
    booking.save(force_insert=True)
    record(booking, "call", after=booking.state)
    entry.booking, entry.called_at = booking, now
    move_standby(entry, "call", by=None)
    notify(notices.STANDBY_CALLED, f"booking:{booking.pk}", people_of_offer(booking), {"booking": booking.pk})
