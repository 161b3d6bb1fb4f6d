"""What must always hold of bookings, awards and the waiting list, counted again from the rows, without our own code."""

from collections.abc import Iterator

from django.db import connection

OVERLAPS = """
SELECT one.ref, other.ref FROM bookings_booking one JOIN bookings_booking other
    ON one.unit_id = other.unit_id AND one.id < other.id AND one.occupied && other.occupied
WHERE one.state IN %(occupying)s AND other.state IN %(occupying)s
"""
UNBALANCED = """
SELECT award.ref, award.balance_minutes, coalesce(sum(entry.minutes), 0)
FROM calls_award award LEFT JOIN calls_ledgerentry entry ON entry.award_id = award.id
GROUP BY award.id HAVING award.balance_minutes <> coalesce(sum(entry.minutes), 0) OR award.balance_minutes < 0
"""
# What a booking has cost so far, by the ledger: all of its minutes while it stands, nothing where its time went back,
# something between where it was used in part, cancelled late, or where the laboratory gave some back.
WRONGLY_DEBITED = """
SELECT booking.ref, booking.state, booking.minutes, -coalesce(sum(entry.minutes), 0) AS debited
FROM bookings_booking booking LEFT JOIN calls_ledgerentry entry
    ON entry.award_id = booking.award_id AND entry.booking = booking.ref
GROUP BY booking.id HAVING NOT CASE
    WHEN booking.state IN ('requested', 'confirmed') THEN -sum(entry.minutes) = booking.minutes
    WHEN booking.state IN ('held', 'released', 'declined', 'lapsed', 'failed') THEN coalesce(sum(entry.minutes), 0) = 0
    ELSE -coalesce(sum(entry.minutes), 0) BETWEEN 0 AND booking.minutes
END
"""
OFFERS = """
SELECT entry.ref, entry.state, count(held.id) FROM bookings_waitlistentry entry
LEFT JOIN bookings_booking held ON held.entry_id = entry.id AND held.state = 'held'
GROUP BY entry.id HAVING count(held.id) <> CASE WHEN entry.state = 'offered' THEN 1 ELSE 0 END
"""
HELD_FOR_NOBODY = """
SELECT booking.ref FROM bookings_booking booking
LEFT JOIN bookings_standbyentry called ON called.booking_id = booking.id AND called.state = 'called'
WHERE booking.state = 'held' AND booking.entry_id IS NULL AND called.id IS NULL
"""
CALLS = """
SELECT called.ref, called.state, booking.state FROM bookings_standbyentry called
LEFT JOIN bookings_booking booking ON booking.id = called.booking_id
WHERE (called.state = 'called') <> coalesce(booking.state = 'held', false)
    OR called.state = 'served' AND coalesce(booking.state IN ('held', 'released'), true)
"""
SESSIONS = """
SELECT booking.ref, booking.state, session.state FROM bookings_booking booking
JOIN instruments_instrument instrument ON instrument.id = booking.instrument_id AND instrument.access_mode <> 'mail_in'
LEFT JOIN bookings_session session ON session.booking_id = booking.id
WHERE CASE booking.state
    WHEN 'confirmed' THEN session.id IS NULL OR session.state NOT IN ('scheduled', 'queued', 'ready', 'live')
        OR session.starts_at <> lower(booking.period) OR session.ends_at <> upper(booking.period)
    ELSE session.state IN ('scheduled', 'queued', 'ready', 'live')
END
"""
UNRECORDED = """
SELECT booking.ref, booking.state, last.after FROM bookings_booking booking
LEFT JOIN LATERAL (
    SELECT after FROM audit_record
    WHERE model = 'bookings.booking' AND row_id = booking.id AND after <> '' ORDER BY id DESC LIMIT 1
) last ON true
WHERE last.after IS DISTINCT FROM booking.state
"""
OUTSIDE_THE_PERIOD = "SELECT ref FROM bookings_booking WHERE NOT period <@ occupied AND state IN ('held', 'confirmed')"
PROMISES = {
    "two bookings occupy one unit at once": OVERLAPS,
    "a balance is not the sum of its ledger, or below zero": UNBALANCED,
    "a booking was debited too much or too little": WRONGLY_DEBITED,
    "a place on the waiting list has not the one offer its state says": OFFERS,
    "time is held for nobody": HELD_FOR_NOBODY,
    "a place in a stand-by queue and its call do not agree": CALLS,
    "a session does not follow its booking": SESSIONS,
    "a state was reached without a record": UNRECORDED,
    "a booking does not occupy its own period": OUTSIDE_THE_PERIOD,
}
OCCUPYING = ("held", "requested", "confirmed", "completed", "missed")


def broken_promises() -> Iterator[str]:
    """A line for each promise that the rows break now."""
    with connection.cursor() as cursor:
        for sentence, statement in PROMISES.items():
            cursor.execute(statement, {"occupying": OCCUPYING})
            if rows := cursor.fetchall():
                yield f"{sentence}: {rows}"
