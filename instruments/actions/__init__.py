"""Every write that matters to an instrument: one function a deed."""

from instruments.actions.closures import add_closure, remove_closure
from instruments.actions.desktop import ask, note_answer, remove_desktop, set_desktop
from instruments.actions.edit import (
    create_instrument,
    policy_of,
    set_opening_hours,
    set_policy,
    set_units,
    update_instrument,
    version_of_hours,
    version_of_instrument,
    version_of_policy,
    version_of_units,
)
from instruments.actions.moves import (
    ask_instrument,
    gaps_before_listing,
    list_instrument,
    propose_instrument,
    refuse_instrument,
    resubmit_instrument,
    resume_instrument,
    retire_instrument,
    suspend_instrument,
    withdraw_instrument,
)
from instruments.actions.preview import tried

__all__ = [
    "add_closure",
    "ask",
    "ask_instrument",
    "create_instrument",
    "gaps_before_listing",
    "list_instrument",
    "note_answer",
    "policy_of",
    "propose_instrument",
    "refuse_instrument",
    "remove_closure",
    "remove_desktop",
    "resubmit_instrument",
    "resume_instrument",
    "retire_instrument",
    "set_desktop",
    "set_opening_hours",
    "set_policy",
    "set_units",
    "suspend_instrument",
    "tried",
    "update_instrument",
    "version_of_hours",
    "version_of_instrument",
    "version_of_policy",
    "version_of_units",
    "withdraw_instrument",
]
