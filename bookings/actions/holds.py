"""Held time that ends untaken: it is free again; who was offered it from the waiting list waits on.

A held booking has debited nothing, so nothing returns to the award.
"""

from collections.abc import Collection

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from bookings import notices
from bookings.enums import BookingState, StandbyState, WaitlistState
from bookings.models import Booking, StandbyEntry, WaitlistEntry
from bookings.slots import Span
from bookings.states import BOOKING_MOVES, STANDBY_MOVES, WAITLIST_MOVES
from portal.accounts.models import User
from portal.audit.actions import record
from portal.core.machine import next_state
from portal.notifications.actions import Recipient, notify, reader


def lapse_expired_holds(units: Collection[int], occupied: Span) -> list[Booking]:
    """Lapse the offers on these units whose moment to answer is over and that meet `occupied`; under lock_instrument.

    Who books first takes their time, so it is offered to nobody else here. One statement when there is none.
    """
    rows = Booking.objects.select_for_update(of=("self",), no_key=True).filter(
        state=BookingState.HELD,
        held_until__lte=timezone.now(),
        unit__in=units,
        occupied__overlap=DateTimeTZRange(occupied.start, occupied.end),
    )
    ended = list(rows.select_related("award__holder", "booked_by").order_by("unit", "period"))
    for row in ended:
        expire_hold(row)
    return ended


def expire_hold(row: Booking) -> None:
    """The clock: a locked offer that nobody answered in time; who was offered it hears so."""
    called = release_hold(row, "expire", by=None)
    kind = notices.STANDBY_PASSED if called else notices.OFFER_EXPIRED
    notify(kind, f"booking:{row.pk}", people_of_offer(row), {"booking": row.pk})


def release_hold(
    row: Booking, verb: str, *, by: User | None, why: str = "", standby: str = "leave"
) -> StandbyEntry | None:
    """End a locked offer by `expire` or `cancel`; its place on the waiting list waits on, unless it was given up.

    Who was called from a stand-by queue has passed when the call expires, else does `standby`: leave, or wait_on where
    the laboratory took the time back. Returns that place.
    """
    before = row.state
    row.state = next_state(BOOKING_MOVES, verb, before)
    row.save(update_fields=["state", "updated_at"])
    record(row, verb, by=by, before=before, after=row.state, why=why)
    entry = lock_entry(row)
    if entry is not None and entry.state == WaitlistState.OFFERED:
        move_entry(entry, "wait_on", by=by, why=why)
    called = lock_standby(row)
    if called is not None and called.state == StandbyState.CALLED:
        move_standby(called, "pass" if verb == "expire" else standby, by=by, why=why)
    return called


def move_standby(entry: StandbyEntry, verb: str, *, by: User | None, why: str = "") -> None:
    """Move a locked place in a stand-by queue."""
    before = entry.state
    entry.state = next_state(STANDBY_MOVES, verb, before)
    entry.save(update_fields=["state", "booking", "called_at", "updated_at"])
    record(entry, verb, by=by, before=before, after=entry.state, why=why)


def lock_standby(row: Booking) -> StandbyEntry | None:
    """The place in a stand-by queue that was called to a locked booking, locked too."""
    if row.entry_id is not None:
        return None
    return StandbyEntry.objects.select_for_update(no_key=True).filter(booking=row).first()


def move_entry(entry: WaitlistEntry, verb: str, *, by: User | None, why: str = "") -> None:
    """Move a locked place on the waiting list."""
    before = entry.state
    entry.state = next_state(WAITLIST_MOVES, verb, before)
    entry.save(update_fields=["state", "updated_at"])
    record(entry, verb, by=by, before=before, after=entry.state, why=why)


def lock_entry(row: Booking) -> WaitlistEntry | None:
    """The place on the waiting list that a locked booking was offered to, locked too."""
    if row.entry_id is None:
        return None
    return WaitlistEntry.objects.select_for_update(no_key=True).filter(pk=row.entry_id).first()


def people_of_offer(row: Booking) -> list[Recipient]:
    """Who asked for the time, and the award's holder; each once."""
    people = {user.pk: user for user in (row.booked_by, row.award.holder)}
    return [reader(user) for user in people.values() if user.is_active]
