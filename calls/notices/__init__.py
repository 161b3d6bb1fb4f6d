"""The kinds of message that calls, awards and interests send."""

from calls.notices.award import AWARD_ACCEPTED, AWARD_EXPIRING, AWARD_OFFERED, AWARD_REVOKED, AWARD_SHARED
from calls.notices.interest import ALREADY_KNOWN, CALL_EXTENDED, CALL_OPEN, CONFIRM_INTEREST

__all__ = [
    "ALREADY_KNOWN",
    "AWARD_ACCEPTED",
    "AWARD_EXPIRING",
    "AWARD_OFFERED",
    "AWARD_REVOKED",
    "AWARD_SHARED",
    "CALL_EXTENDED",
    "CALL_OPEN",
    "CONFIRM_INTEREST",
]
