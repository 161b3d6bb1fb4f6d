"""What becomes of a call's applications: prepared unseen, ranked, released together; the reserve list steps up."""

from calls.actions.outcome.prepare import (
    Choice,
    award_from_the_top,
    decline_the_rest,
    in_rank,
    offered_by,
    prepare,
    prepare_all,
    put_in_place,
    rank,
    rank_by_score,
)
from calls.actions.outcome.release import Released, against_release, given_over, release
from calls.actions.outcome.step_up import lapse_reserved, step_up_after

__all__ = [
    "Choice",
    "Released",
    "against_release",
    "award_from_the_top",
    "decline_the_rest",
    "given_over",
    "in_rank",
    "lapse_reserved",
    "offered_by",
    "prepare",
    "prepare_all",
    "put_in_place",
    "rank",
    "rank_by_score",
    "release",
    "step_up_after",
]
