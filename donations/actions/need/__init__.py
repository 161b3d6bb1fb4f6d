"""Every deed on a need but those of the gate and of matches."""

from donations.actions.need.clock import expire_open, remind_expiring
from donations.actions.need.ends import can_withdraw, renew, withdraw
from donations.actions.need.hand_in import hand_in
from donations.actions.need.requirements import Wanted, drop_strangers, set_requirements
from donations.actions.need.start import copy, may_state, start

__all__ = [
    "Wanted",
    "can_withdraw",
    "copy",
    "drop_strangers",
    "expire_open",
    "hand_in",
    "may_state",
    "remind_expiring",
    "renew",
    "set_requirements",
    "start",
    "withdraw",
]
