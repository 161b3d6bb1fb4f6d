"""The kinds of message that bookings and sessions send."""

from bookings.notices.booking import (
    ANNOUNCED,
    ASKED,
    CANCELLED,
    CONFIRMED,
    DECLINED,
    DISTURBED,
    FAILED,
    LAPSED,
    MISSED,
    MOVED,
    NO_OPERATOR,
    NOT_ANSWERING,
    REMIND_DAY,
    REMIND_SOON,
    REQUESTED,
    STANDS_AGAIN,
)
from bookings.notices.sample import SAMPLE_OVER, SAMPLE_RECEIVED, SAMPLE_REFUSED, SAMPLE_SHIPPED
from bookings.notices.waitlist import OFFER_EXPIRED, OFFERED, WAIT_OVER

__all__ = [
    "ANNOUNCED",
    "ASKED",
    "CANCELLED",
    "CONFIRMED",
    "DECLINED",
    "DISTURBED",
    "FAILED",
    "LAPSED",
    "MISSED",
    "MOVED",
    "NOT_ANSWERING",
    "NO_OPERATOR",
    "OFFERED",
    "OFFER_EXPIRED",
    "REMIND_DAY",
    "REMIND_SOON",
    "REQUESTED",
    "SAMPLE_OVER",
    "SAMPLE_RECEIVED",
    "SAMPLE_REFUSED",
    "SAMPLE_SHIPPED",
    "STANDS_AGAIN",
    "WAIT_OVER",
]
