"""Deeds of interests, and telling those who declared them."""

from calls.actions.interest.check import count_dead
from calls.actions.interest.deeds import (
    MOST_A_DAY,
    Consent,
    Criteria,
    change,
    confirm,
    declare,
    end,
    end_all,
    end_suppressed,
    forget_unconfirmed,
    is_own_address,
)
from calls.actions.interest.tell import announce, count_for, tell_extended, tell_listed, tell_withdrawn

__all__ = [
    "MOST_A_DAY",
    "Consent",
    "Criteria",
    "announce",
    "change",
    "confirm",
    "count_dead",
    "count_for",
    "declare",
    "end",
    "end_all",
    "end_suppressed",
    "forget_unconfirmed",
    "is_own_address",
    "tell_extended",
    "tell_listed",
    "tell_withdrawn",
]
