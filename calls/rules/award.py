"""Who may do what to awards. Programs cannot be granted rights: every predicate asks about a signed-in person."""

from typing import Any

import rules

from calls.models import Award
from portal.accounts.enums import Role


@rules.predicate
def is_staff(user: Any) -> bool:
    return bool(user.is_active and user.is_staff)


@rules.predicate
def is_holder(user: Any, award: Award | None) -> bool:
    return award is not None and award.holder_id == user.pk


@rules.predicate
def leads_organisation(user: Any, award: Award | None) -> bool:
    """A focal point of the organisation the award belongs to."""
    if award is None or not user.is_authenticated:
        return False
    return user.memberships.held_by(user, award.organisation_id, Role.FOCAL_POINT).exists()


def can_report(user: Any, award: Award) -> bool:
    """The holder tells what came of an award; staff stand in for one who cannot."""
    return bool(user.is_active and (is_holder | is_staff).test(user, award))


can_share = is_staff | is_holder | leads_organisation

rules.add_perm("calls.grant_award", is_staff)
rules.add_perm("calls.remind_award", is_staff)
rules.add_perm("calls.revoke_award", is_staff)
rules.add_perm("calls.adjust_award", is_staff)
rules.add_perm("calls.prioritise_award", is_staff)
rules.add_perm("calls.answer_award", is_holder)
rules.add_perm("calls.share_award", can_share)
