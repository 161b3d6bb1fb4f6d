"""What the clock does to the waiting list: offers and places whose time is over, and free time that nothing announced.

Rows are found by query and each deed stands alone; a missed or doubled tick is harmless.
"""

import logging
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import F, Max, Min
from django.utils import timezone

from bookings import notices
from bookings.actions.each import each
from bookings.actions.hopeless import end_hopeless
from bookings.actions.waitlist.answers import expire_offer
from bookings.actions.waitlist.offers import make_offers
from bookings.enums import BookingState, WaitlistState
from bookings.facts import Facts
from bookings.free import Occupancy
from bookings.locks import lock_instrument
from bookings.models import Booking, WaitlistEntry
from bookings.offering import offers_of
from bookings.slots import DAY, Span
from bookings.states import WAITLIST_MOVES
from bookings.wishes import Wish
from instruments.models import Instrument
from portal.core.retry import in_transaction

logger = logging.getLogger(__name__)
BATCH = 200
ASKED = 2000  # places looked at on one instrument


def expire_offers(**which: Any) -> int:
    """Let the offers (of `which` bookings) that nobody answered in time go on to the next; return how many."""
    rows = Booking.objects.filter(state=BookingState.HELD, held_until__lte=timezone.now(), **which)
    return each(rows.select_related("instrument").order_by("held_until")[:BATCH], expire_offer)


def expire_places() -> int:
    """End the places for which no time can come any more, and tell their people; return how many."""

    return end_hopeless(WaitlistEntry, WAITLIST_MOVES, "expire", notices.WAIT_OVER)


def serve_waitlist() -> int:
    """Offer what is free to those who wait and were not asked when it fell free; return how many offers were made.

    Hours change, closures are taken back, units return, the horizon moves on. It looks without locks first, so that
    it stands in nobody's way where there is nothing to offer.
    """
    now, made = timezone.now(), 0
    windows = _windows(now)
    instruments = list(Instrument.objects.filter(pk__in=windows))
    hull = Span(now, max((window.end for window in windows.values()), default=now))
    found = Facts.read_many(instruments, hull)
    everything = [replace(facts, window=_within(facts, windows[facts.instrument.pk], now)) for facts in found]
    for facts, occupancy in zip(everything, Occupancy.read_many(everything), strict=True):
        wishes = Wish.read_all(facts, facts.window, now, ASKED, lock=False)
        if next(offers_of(facts, occupancy, wishes, now), None) is None:
            continue
        try:
            made += in_transaction(partial(_serve, facts, now))
        except Exception:
            logger.exception("instrument %s: its waiting list was not served", facts.instrument.slug)
    return made


def _serve(facts: Facts, now: datetime) -> int:
    lock_instrument(facts.instrument)
    return len(make_offers(facts.instrument, facts.window, now, ASKED))


def _windows(now: datetime) -> dict[int, Span]:
    """For each instrument that somebody waits for: from when until when they could use time."""
    waiting = WaitlistEntry.objects.filter(state=WaitlistState.WAITING, window__endswith__gt=now)
    rows = waiting.order_by().values(instrument=F("awards__instrument"))
    found = rows.annotate(first=Min("window__startswith"), last=Max("window__endswith")).order_by("instrument")
    return {row["instrument"]: Span(max(row["first"], now), row["last"]) for row in found}


def _within(facts: Facts, window: Span, now: datetime) -> Span:
    """Of the window the part that can be booked now."""
    return Span(window.start, max(min(window.end, now + facts.policy.horizon_days * DAY), window.start))
