"""The gate: staff look at needs and offers before they go on."""

from donations.actions.gate.checks import CLEARABLE, ask_clearance, check_point, check_points, clear_export
from donations.actions.gate.clock import expire_returned, remind_returned, tell_staff
from donations.actions.gate.verdicts import ask_back, refuse_thing, verify_need, vet_offer

__all__ = [
    "CLEARABLE",
    "ask_back",
    "ask_clearance",
    "check_point",
    "check_points",
    "clear_export",
    "expire_returned",
    "refuse_thing",
    "remind_returned",
    "tell_staff",
    "verify_need",
    "vet_offer",
]
