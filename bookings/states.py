"""The moves of bookings, sessions, places in queues, and samples: verb -> (from, to).

A new booking begins as `requested` or `confirmed`, as the policy asks, an offer from the waiting list as `held`; it
becomes what the policy asks by `accept` or `accept_to_ask`. A move keeps the state, unless the policy asks an operator
again.
"""

from bookings.enums import BookingState as B
from bookings.enums import SampleState as P
from bookings.enums import SessionState as S
from bookings.enums import StandbyState as Y
from bookings.enums import WaitlistState as W

BOOKING_MOVES = {
    "accept": ({B.HELD}, B.CONFIRMED),
    "accept_to_ask": ({B.HELD}, B.REQUESTED),
    "expire": ({B.HELD}, B.RELEASED),
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
    "miss": ({S.READY, S.LIVE}, S.MISSED),  # the clock opens a desktop's door: live and nobody there is missed too
    "cancel": ({S.SCHEDULED, S.QUEUED, S.READY}, S.CANCELLED),
    "reschedule": ({S.QUEUED, S.READY}, S.SCHEDULED),
    "resume": ({S.CANCELLED}, S.SCHEDULED),  # of a booking that moved, once the laboratory has said yes to it again
}

WAITLIST_MOVES = {
    "offer": ({W.WAITING}, W.OFFERED),
    "serve": ({W.OFFERED}, W.SERVED),
    "wait_on": ({W.OFFERED}, W.WAITING),
    "leave": ({W.WAITING, W.OFFERED}, W.LEFT),
    "expire": ({W.WAITING}, W.EXPIRED),
}

STANDBY_MOVES = {
    "call": ({Y.WAITING}, Y.CALLED),
    "serve": ({Y.CALLED}, Y.SERVED),
    "pass": ({Y.CALLED}, Y.PASSED),
    "wait_on": ({Y.CALLED}, Y.WAITING),  # the laboratory took back what was called out
    "leave": ({Y.WAITING, Y.CALLED}, Y.LEFT),
}

SAMPLE_MOVES = {
    "ship": ({P.DECLARED}, P.SHIPPED),
    "receive": ({P.DECLARED, P.SHIPPED}, P.RECEIVED),
    "mount": ({P.RECEIVED}, P.MOUNTED),
    "dismount": ({P.MOUNTED}, P.RECEIVED),
    "give_back": ({P.RECEIVED}, P.RETURNED),
    "destroy": ({P.RECEIVED}, P.DESTROYED),
    "consume": ({P.RECEIVED, P.MOUNTED}, P.CONSUMED),
    "lose": ({P.SHIPPED}, P.LOST),
    "refuse": ({P.DECLARED, P.RECEIVED}, P.REFUSED),
}
