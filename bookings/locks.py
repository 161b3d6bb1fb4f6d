"""Row locks, always in one order: instrument and its units, awards, bookings, sessions, places on the waiting list.

Who finds another order unavoidable (an award that is revoked holds itself first) runs in `in_transaction`, which starts
again after a deadlock.
"""

from django.db import connection

from bookings.models import Booking, Session
from calls.models import Award
from instruments.models import Instrument


def lock_instrument(instrument: Instrument) -> None:
    """Hold the instrument as it is (FOR SHARE) and its units for ourselves, until the transaction ends.

    Who changes opening hours, closures, policy or listing takes the instrument FOR UPDATE, so neither sees a world
    that the other is about to change. Two people at one unit queue here instead of meeting in a deadlock; that no
    two bookings overlap is still the constraint's word.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unit.id FROM instruments_unit unit JOIN instruments_instrument instrument"
            " ON instrument.id = unit.instrument_id WHERE instrument.id = %s ORDER BY unit.id"
            " FOR SHARE OF instrument FOR NO KEY UPDATE OF unit",
            [instrument.pk],
        )


def lock_to_free(booking: Booking) -> Booking:
    """The booking, locked after its instrument: for deeds that free its time, or that settle what becomes of it."""
    lock_instrument(booking.instrument)
    return lock_booking(booking)


def lock_booking(booking: Booking) -> Booking:
    """The booking as it is now, its award and itself locked."""
    Award.objects.select_for_update(no_key=True).only("pk").get(pk=booking.award_id)
    rows = Booking.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("instrument__policy", "award", "unit__desktop").get(pk=booking.pk)


def lock_session(booking: Booking) -> Session | None:
    """The session of a locked booking, locked too; None where the booking has none."""
    return Session.objects.select_for_update(no_key=True).filter(booking=booking).first()
