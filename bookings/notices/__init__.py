"""The kinds of message that bookings and sessions send."""

from bookings.notices.booking import (
    ANNOUNCED,
    ASKED,
    CANCELLED,
    CONFIRMED,
    DECLINED,
    FAILED,
    LAPSED,
    MISSED,
    MOVED,
    NOT_ANSWERING,
    REMIND_DAY,
    REMIND_SOON,
    REQUESTED,
    SUSPENDED,
)
from bookings.notices.sample import SAMPLE_OVER, SAMPLE_RECEIVED, SAMPLE_REFUSED, SAMPLE_SHIPPED
from bookings.notices.waitlist import OFFER_EXPIRED, OFFERED, WAIT_OVER

__all__ = [
    "ANNOUNCED",
    "ASKED",
    "CANCELLED",
    "CONFIRMED",
    "DECLINED",
    "FAILED",
    "LAPSED",
    "MISSED",
    "MOVED",
    "NOT_ANSWERING",
    "OFFERED",
    "OFFER_EXPIRED",
    "REMIND_DAY",
    "REMIND_SOON",
    "REQUESTED",
    "SAMPLE_OVER",
    "SAMPLE_RECEIVED",
    "SAMPLE_REFUSED",
    "SAMPLE_SHIPPED",
    "SUSPENDED",
    "WAIT_OVER",
]
