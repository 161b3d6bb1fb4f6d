"""Is a gift in use? What is planned, asked, answered, and done about one that is not."""

from donations.actions.follow_up.answer import CONSENT, Answers, answer_follow_up
from donations.actions.follow_up.clock import ask_due, give_up_silent, remind_silent
from donations.actions.follow_up.help import help_follow_up
from donations.actions.follow_up.pass_on import can_pass_on, pass_on
from donations.actions.follow_up.plan import MONTHS, cancel_follow_ups, plan_follow_ups

__all__ = [
    "CONSENT",
    "MONTHS",
    "Answers",
    "answer_follow_up",
    "ask_due",
    "can_pass_on",
    "cancel_follow_ups",
    "give_up_silent",
    "help_follow_up",
    "pass_on",
    "plan_follow_ups",
    "remind_silent",
]
