"""Deeds of awards. Their hours move in `ledger`, whose `spend`, `give_back` and `use` are offered here too."""

from calls.actions.award.answer import accept, refuse, report, revoke
from calls.actions.award.clock import (
    end_expired,
    lapse_unanswered,
    remind_of_reports,
    remind_overdue,
    warn_expiring,
)
from calls.actions.award.grant import grant_award
from calls.actions.award.members import add_member, remove_member
from calls.actions.award.moving import OPEN_STATES
from calls.actions.award.priority import set_priority
from calls.actions.ledger import adjust, check_balances, give_back, spend, use

__all__ = [
    "OPEN_STATES",
    "accept",
    "add_member",
    "adjust",
    "check_balances",
    "end_expired",
    "give_back",
    "grant_award",
    "lapse_unanswered",
    "refuse",
    "remind_of_reports",
    "remind_overdue",
    "remove_member",
    "report",
    "revoke",
    "set_priority",
    "spend",
    "use",
    "warn_expiring",
]
