"""Offer time that fell free to those who wait for it, in the stated order."""

import logging
from datetime import datetime, timedelta
from itertools import chain

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from bookings import notices
from bookings.actions.holds import people_of_offer
from bookings.enums import BookingState, WaitlistState
from bookings.facts import Facts
from bookings.free import Occupancy
from bookings.models import Booking, WaitlistEntry
from bookings.offering import Offer, Wish, offers_of
from bookings.querysets.waitlist import wishes_for
from bookings.slots import MINUTE, Span
from instruments.models import Instrument
from portal.audit.actions import entry, record_all
from portal.notifications.actions import notify_apart

logger = logging.getLogger(__name__)
ASKED = 50  # how many are looked at when time falls free; the sweep finds whom this leaves out


def offer_freed_time(instrument: Instrument, freed: Span) -> list[Booking]:
    """Hold time in and around `freed` for the first who wait and whom it suits; the last step of what freed it.

    Call it in the same transaction, under lock_instrument. Seven statements however many offers it makes, one where
    nobody waits. A failure here is logged and undone alone: what freed the time stands, and the sweep offers it later.
    """
    try:
        with transaction.atomic():
            return _offer(instrument, freed, timezone.now())
    except Exception:
        logger.exception("instrument %s: %s was freed and not offered; the sweep tries again", instrument.pk, freed)
        return []


def _offer(instrument: Instrument, freed: Span, now: datetime) -> list[Booking]:
    freed = Span(max(freed.start, now), freed.end)
    if freed.start >= freed.end:
        return []
    wishes = _wishes(instrument, freed, now)
    if not wishes:
        return []
    longest = max(wish.entry.minutes for wish in wishes)
    facts = Facts.read(instrument, Span(max(now, freed.start - longest * MINUTE - timedelta(hours=1)), freed.end))
    return _hold(list(offers_of(facts, Occupancy.read(facts), wishes, now)), facts)


def _wishes(instrument: Instrument, freed: Span, now: datetime) -> list[Wish]:
    """The first who wait, their entries locked; one whom another transaction is about to offer something is not."""
    rows = wishes_for(WaitlistEntry.awards.through, instrument.pk, freed, now)
    rows = rows.select_for_update(of=("waitlistentry",), skip_locked=True, no_key=True)
    return [Wish.read(row) for row in rows[:ASKED]]


def _hold(offers: list[Offer], facts: Facts) -> list[Booking]:
    """Write the offers: the bookings, the places that have one now, the history, the messages."""
    if not offers:
        return []
    held = Booking.objects.bulk_create(_booking(offer, facts) for offer in offers)
    entries = [offer.wish.entry for offer in offers]
    WaitlistEntry.objects.filter(pk__in=[row.pk for row in entries]).update(
        state=WaitlistState.OFFERED, updated_at=timezone.now()
    )
    record_all(
        chain(
            (entry(row, "hold", after=row.state) for row in held),
            (entry(row, "offer", before=row.state, after=WaitlistState.OFFERED) for row in entries),
        )
    )
    notify_apart(
        (notices.OFFERED, f"booking:{row.pk}", person, {"booking": row.pk})
        for row in held
        for person in people_of_offer(row)
    )
    return held


def _booking(offer: Offer, facts: Facts) -> Booking:
    period, occupied, wish = offer.period, facts.occupied(offer.period), offer.wish
    return Booking(
        instrument=facts.instrument,
        unit_id=offer.unit,
        period=DateTimeTZRange(period.start, period.end),
        occupied=DateTimeTZRange(occupied.start, occupied.end),
        minutes=facts.cost(period),
        award=wish.award,
        organisation_id=wish.award.organisation_id,
        booked_by=wish.entry.asked_by,
        purpose=wish.entry.purpose,
        entry=wish.entry,
        state=BookingState.HELD,
        held_until=offer.held_until,
    )
