"""What runs later: shells that call actions, one module a subject."""

from calls.tasks.award import check_balances, settle_awards

__all__ = ["check_balances", "settle_awards"]
