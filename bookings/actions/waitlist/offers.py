"""Offer time that fell free to those who wait for it, in the stated order."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from bookings import notices
from bookings.enums import BookingState, WaitlistState
from bookings.facts import Facts
from bookings.free import Occupancy
from bookings.models import Booking, WaitlistEntry
from bookings.offering import Offer, offers_of
from bookings.slots import DAY, MINUTE, Span
from bookings.wishes import Wish
from instruments.models import Instrument
from portal.audit.actions import entry, record_all
from portal.notifications.actions import notify_apart

logger = logging.getLogger(__name__)
ASKED = 100  # how many are looked at when time falls free; the sweep finds whom this leaves out


def offer_freed_time(instrument: Instrument, freed: Span) -> list[Booking]:
    """Hold time in and around `freed` for the first who wait and whom it suits; the last step of what freed it.

    Call it in the same transaction, under lock_instrument. Seven statements however many offers it makes, two where
    nobody waits, and the savepoint's two marks. A failure here is logged and undone alone: what freed the time stands,
    and the sweep offers it later.
    """
    try:
        with transaction.atomic():
            return make_offers(instrument, freed, timezone.now())
    except Exception:
        logger.exception("instrument %s: %s was freed and not offered; the sweep tries again", instrument.pk, freed)
        return []


def make_offers(instrument: Instrument, freed: Span, now: datetime, most: int = ASKED) -> list[Booking]:
    """The same, looking at `most` places of the list; a failure passes through."""
    freed = Span(max(freed.start, now), freed.end)
    if freed.start >= freed.end:
        return []
    facts = around(Facts.read(instrument, freed), freed, now)
    if not facts.is_listed or not facts.units:
        return []
    wishes = Wish.read_all(facts, freed, now, most, lock=True)
    if not wishes:
        return []
    return _hold(list(offers_of(facts, Occupancy.read(facts), wishes, now)), facts)


def around(facts: Facts, freed: Span, now: datetime) -> Facts:
    """The facts for all periods that could meet the freed time."""
    longest = min(facts.policy.longest * MINUTE, 30 * DAY) + timedelta(hours=1)  # a whole day may have 25 hours
    return replace(facts, window=Span(max(now, freed.start - longest), freed.end))


def _hold(offers: list[Offer], facts: Facts) -> list[Booking]:
    """Write the offers: the bookings, the places that have one now, the history, the messages."""
    if not offers:
        return []
    held = Booking.objects.bulk_create(_booking(offer, facts) for offer in offers)
    entries = [WaitlistEntry(pk=offer.wish.entry) for offer in offers]
    WaitlistEntry.objects.filter(pk__in=[row.pk for row in entries]).update(
        state=WaitlistState.OFFERED, updated_at=timezone.now()
    )
    record_all(
        chain(
            (entry(row, "hold", after=row.state) for row in held),
            (entry(row, "offer", before=WaitlistState.WAITING, after=WaitlistState.OFFERED) for row in entries),
        )
    )
    notify_apart(
        (notices.OFFERED, f"booking:{row.pk}", person, {"booking": row.pk})
        for row, offer in zip(held, offers, strict=True)
        for person in offer.wish.people
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
        award_id=wish.standing.pk,
        organisation_id=wish.organisation,
        booked_by_id=wish.asked_by,
        purpose=wish.purpose,
        entry_id=wish.entry,
        state=BookingState.HELD,
        held_until=offer.held_until,
    )
