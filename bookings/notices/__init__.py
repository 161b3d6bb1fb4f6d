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
    "REMIND_DAY",
    "REMIND_SOON",
    "REQUESTED",
    "SUSPENDED",
]
