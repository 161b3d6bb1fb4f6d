"""The kinds of message that calls, awards and interests send."""

from calls.notices.award import AWARD_ACCEPTED, AWARD_EXPIRING, AWARD_OFFERED, AWARD_REVOKED, AWARD_SHARED

__all__ = ["AWARD_ACCEPTED", "AWARD_EXPIRING", "AWARD_OFFERED", "AWARD_REVOKED", "AWARD_SHARED"]
