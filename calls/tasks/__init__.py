"""What runs later: shells that call actions, one module a subject."""

from calls.tasks.application import settle_applications
from calls.tasks.award import check_balances, settle_awards
from calls.tasks.call import remind_closing_calls
from calls.tasks.interest import announce_due, check_interests, forget_unconfirmed

__all__ = [
    "announce_due",
    "check_balances",
    "check_interests",
    "forget_unconfirmed",
    "remind_closing_calls",
    "settle_applications",
    "settle_awards",
]
