"""The moves of bookings and sessions: verb -> (from, to).

A new booking begins as `requested` or `confirmed`, as the policy asks. A move keeps the state, unless the policy asks
an operator again.
"""

from bookings.enums import BookingState as B
from bookings.enums import SessionState as S

BOOKING_MOVES = {
    "confirm": ({B.REQUESTED}, B.CONFIRMED),
    "decline": ({B.REQUESTED}, B.DECLINED),
    "lapse": ({B.REQUESTED}, B.LAPSED),
    "cancel": ({B.HELD, B.REQUESTED, B.CONFIRMED}, B.CANCELLED),
    "ask_again": ({B.REQUESTED, B.CONFIRMED}, B.REQUESTED),
    "complete": ({B.CONFIRMED}, B.COMPLETED),
    "miss": ({B.CONFIRMED}, B.MISSED),
    "fail": ({B.CONFIRMED}, B.FAILED),
}

SESSION_MOVES = {
    "queue": ({S.SCHEDULED}, S.QUEUED),
    "prepare": ({S.QUEUED}, S.READY),
    "open": ({S.READY}, S.LIVE),
    "end": ({S.LIVE}, S.ENDED),
    "fail": ({S.QUEUED, S.READY, S.LIVE}, S.FAILED),
    "miss": ({S.READY}, S.MISSED),
    "cancel": ({S.SCHEDULED, S.QUEUED, S.READY}, S.CANCELLED),
    "reschedule": ({S.QUEUED, S.READY}, S.SCHEDULED),
}
