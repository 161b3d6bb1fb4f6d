"""Every write to people's rows that matters, one function a deed."""

from portal.accounts.actions.apart import compare_again, tell_apart
from portal.accounts.actions.directory import forget_files, keep_file, take_file
from portal.accounts.actions.memberships import (
    confirm_membership,
    end_membership,
    refuse_membership,
    request_membership,
    withdraw_membership,
)
from portal.accounts.actions.merge import gather_merged, merge_organisations
from portal.accounts.actions.organisations import change_organisation, propose_organisation, verify_organisation
from portal.accounts.actions.people import join, set_standing, set_time_zone, take_orcid, update_profile
from portal.accounts.actions.tokens import make_token, revoke_token

__all__ = [
    "change_organisation",
    "compare_again",
    "confirm_membership",
    "end_membership",
    "forget_files",
    "gather_merged",
    "join",
    "keep_file",
    "make_token",
    "merge_organisations",
    "propose_organisation",
    "refuse_membership",
    "request_membership",
    "revoke_token",
    "set_standing",
    "set_time_zone",
    "take_file",
    "take_orcid",
    "tell_apart",
    "update_profile",
    "verify_organisation",
    "withdraw_membership",
]
