"""Bookings by the million: three years back and two months ahead, spread evenly over instruments and their units."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from bookings.enums import BookingState
from bookings.models import Booking
from bookings.slots import Span
from portal.core.models import REF_ALPHABET
from portal.samples.actions.bulk.copying import copy_rows, run
from portal.samples.actions.bulk.programme import UNITS, Programme, put_programme

BACK, AHEAD = timedelta(days=3 * 365), timedelta(days=60)
HOUR = timedelta(hours=1)
LEFT = 6000  # minutes that stay on each award
COLUMNS = (
    "ref", "instrument_id", "unit_id", "period", "occupied", "minutes", "award_id", "organisation_id", "booked_by_id",
    "purpose", "state", "version", "created_at", "updated_at",
)  # fmt: skip

# What the actions write beside a booking, here for all of them at once. Every row is made of one that is there, so
# where the database user may, the foreign keys are not checked one by one, which would take longer than the writing.
FOLLOW = (
    "SELECT set_config('session_replication_role', 'replica', true) WHERE current_setting('is_superuser') = 'on'",
    """INSERT INTO bookings_booking_participants (booking_id, user_id)
    SELECT id, booked_by_id FROM bookings_booking WHERE instrument_id = ANY(%(instruments)s)""",
    """INSERT INTO bookings_session
        (booking_id, state, starts_at, ends_at, opened_at, closed_at, created_at, updated_at)
    SELECT id, CASE state WHEN 'completed' THEN 'ended' WHEN 'confirmed' THEN 'scheduled' ELSE state END,
        lower(period), upper(period), CASE state WHEN 'completed' THEN lower(period) END,
        CASE WHEN state IN ('completed', 'missed') THEN upper(period) END, created_at, updated_at
    FROM bookings_booking WHERE instrument_id = ANY(%(instruments)s)""",
    """INSERT INTO calls_ledgerentry (award_id, kind, minutes, booking, why, by_id, at)
    SELECT award_id, 'booked', -minutes, ref, '', booked_by_id, created_at
    FROM bookings_booking WHERE instrument_id = ANY(%(instruments)s)""",
    """INSERT INTO calls_ledgerentry (award_id, kind, minutes, booking, why, by_id, at)
    SELECT award_id, 'released', minutes, ref, 'cancelled', booked_by_id, updated_at
    FROM bookings_booking WHERE instrument_id = ANY(%(instruments)s) AND state = 'cancelled'""",
    """UPDATE calls_award SET balance_minutes = %(left)s, granted_minutes = %(left)s - coalesce(
        (SELECT sum(minutes) FROM calls_ledgerentry WHERE award_id = calls_award.id), 0)
    WHERE instrument_id = ANY(%(instruments)s)""",
    """INSERT INTO calls_ledgerentry (award_id, kind, minutes, booking, why, at)
    SELECT id, 'granted', granted_minutes, '', '', %(first)s FROM calls_award
    WHERE instrument_id = ANY(%(instruments)s)""",
    "SELECT set_config('session_replication_role', 'origin', true) WHERE current_setting('is_superuser') = 'on'",
    "ANALYZE bookings_booking, bookings_booking_participants, bookings_session, calls_award, calls_ledgerentry",
)


@dataclass(frozen=True)
class Slot:
    """A period as PostgreSQL reads it, its minutes, when it was booked, and when it ended or was booked."""

    period: str
    minutes: int
    made: str
    changed: str
    is_past: bool


@transaction.atomic
def add_bookings(count: int) -> None:
    """Add so many bookings with instruments, awards and people of their own; no two of a unit overlap."""
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    programme = put_programme(count, now - BACK, now + AHEAD)
    per_unit = -(-count // (len(programme.instruments) * UNITS))
    slots = _slots(now, per_unit)
    offset = Booking.objects.aggregate(newest=Max("pk"))["newest"] or 0
    copy_rows("bookings_booking", COLUMNS, _rows(programme, slots, count, offset))
    run(FOLLOW, instruments=[row.pk for row in programme.instruments], left=LEFT, first=now - BACK)


def _slots(now: datetime, count: int) -> list[Slot]:
    """So many periods of two to three hours, all an equal number of hours apart."""
    pitch = (BACK + AHEAD) // count // HOUR * HOUR
    starts = (now - BACK + number * pitch for number in range(count))
    return [_slot(now, start, start + (2 + number % 2) * HOUR) for number, start in enumerate(starts)]


def _slot(now: datetime, start: datetime, end: datetime) -> Slot:
    made = min(start - timedelta(days=14), now)
    is_past = end <= now
    period = f"[{start.isoformat()},{end.isoformat()})"
    return Slot(period, Span(start, end).minutes, made.isoformat(), (end if is_past else made).isoformat(), is_past)


def _rows(programme: Programme, slots: list[Slot], count: int, offset: int) -> Iterator[tuple[object, ...]]:
    """The rows of COLUMNS, one unit after the other, each with its even share."""
    places = [
        (instrument.pk, unit.pk, awards)
        for instrument, units, awards in zip(programme.instruments, programme.units, programme.awards, strict=True)
        for unit in units
    ]
    number = 0
    for place, (instrument, unit, awards) in enumerate(places):
        share = count // len(places) + (place < count % len(places))
        for turn, slot in enumerate(slots[:share]):
            number += 1
            award = awards[turn % len(awards)]
            yield (
                _ref(offset + number), instrument, unit, slot.period, slot.period, slot.minutes, award.pk,
                award.organisation_id, award.holder_id, "", _state(number, slot), 0, slot.made, slot.changed,
            )  # fmt: skip


def _state(number: int, slot: Slot) -> str:
    if not slot.is_past:
        return BookingState.CONFIRMED.value
    fate = number % 41
    if fate == 0:
        return BookingState.MISSED.value
    return BookingState.CANCELLED.value if fate < 3 else BookingState.COMPLETED.value


def _ref(number: int) -> str:
    """Nine letters and digits, so that they never meet the eight of a booking made by people."""
    digits = []
    for _place in range(8):
        number, digit = divmod(number, len(REF_ALPHABET))
        digits.append(REF_ALPHABET[digit])
    return "B" + "".join(reversed(digits))
