"""Every write to trainings, places on them, wishes to be trained, and certificates: one function a deed."""

from instruments.actions.training.certificates import give_certificate, renew_certificate, revoke_certificate
from instruments.actions.training.clock import WARN_BEFORE, gather_requests, hold_over, warn_ending
from instruments.actions.training.courses import (
    cancel_training,
    create_training,
    hold_training,
    publish_training,
    update_training,
    version_of_training,
)
from instruments.actions.training.places import (
    add_participant,
    ask_for_place,
    give_place,
    refuse_place,
    take_awarded_place,
    take_back_awarded_place,
    withdraw_place,
)
from instruments.actions.training.results import close_training, record_results, version_of_result
from instruments.actions.training.wishes import answer_wish, leave_wish, wish_for_training

__all__ = [
    "WARN_BEFORE",
    "add_participant",
    "answer_wish",
    "ask_for_place",
    "cancel_training",
    "close_training",
    "create_training",
    "gather_requests",
    "give_certificate",
    "give_place",
    "hold_over",
    "hold_training",
    "leave_wish",
    "publish_training",
    "record_results",
    "refuse_place",
    "renew_certificate",
    "revoke_certificate",
    "take_awarded_place",
    "take_back_awarded_place",
    "update_training",
    "version_of_result",
    "version_of_training",
    "warn_ending",
    "wish_for_training",
    "withdraw_place",
]
