"""Every deed on a match."""

from donations.actions.match.answer import accept_match, refuse_match
from donations.actions.match.clock import lapse_unanswered, remind_unanswered
from donations.actions.match.ends import complete_match, fail_match
from donations.actions.match.propose import approve_match, propose_match, reject_match

__all__ = [
    "accept_match",
    "approve_match",
    "complete_match",
    "fail_match",
    "lapse_unanswered",
    "propose_match",
    "refuse_match",
    "reject_match",
    "remind_unanswered",
]
