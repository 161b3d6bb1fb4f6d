"""What runs later: shells that call actions, one module a subject."""

from calls.tasks.award import check_balances, settle_awards
from calls.tasks.interest import announce_due, forget_unconfirmed

__all__ = ["announce_due", "check_balances", "forget_unconfirmed", "settle_awards"]
