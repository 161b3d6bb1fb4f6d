"""Who may do what to people's rows. Nobody answers a request of their own, admins included."""

from typing import Any

import rules

from portal.accounts.enums import Role
from portal.accounts.models import ApiToken, Membership, Organisation
from portal.accounts.states import MEMBERSHIP_MOVES
from portal.core.machine import can_move

# Whoever holds the right-hand role confirms the left-hand one; staff confirm all, and alone confirm focal points.
CONFIRMED_BY = {Role.RESEARCHER: Role.FOCAL_POINT, Role.OPERATOR: Role.OPERATOR}


@rules.predicate
def is_staff(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_active and (user.is_staff or user.is_superuser))


@rules.predicate
def is_own(user: Any, row: Membership | ApiToken) -> bool:
    return bool(user.is_authenticated and row.user_id == user.pk)


@rules.predicate
def stands_above(user: Any, membership: Membership) -> bool:
    """Staff, or the holder of the role in that organisation that answers for this one."""
    if is_staff(user):
        return True
    role = CONFIRMED_BY.get(Role(membership.role))
    return bool(
        role
        and user.is_authenticated
        and user.is_active
        and Membership.objects.held_by(user, membership.organisation_id, role).exists()
    )


@rules.predicate
def sees_members(user: Any, organisation: Organisation) -> bool:
    """Staff, focal points and operators of the organisation."""
    if is_staff(user):
        return True
    held = user.is_authenticated and Membership.objects.held_by(user, organisation.pk, Role.FOCAL_POINT, Role.OPERATOR)
    return bool(held and held.exists())


answers = ~is_own & stands_above
ends = is_own | stands_above

MAY = {"confirm": answers, "refuse": answers, "withdraw": is_own, "end": ends}
for _verb, _predicate in MAY.items():
    rules.add_perm(f"accounts.{_verb}_membership", _predicate)
rules.add_perm("accounts.see_members", sees_members)
rules.add_perm("accounts.verify_organisation", is_staff)
rules.add_perm("accounts.revoke_apitoken", is_own)


def may(user: Any, verb: str, membership: Membership) -> bool:
    """Whether `user` may do `verb`, whatever the state. Not `has_perm`, which lets admins do anything."""
    return bool(MAY[verb].test(user, membership))


def verbs_for(user: Any, membership: Membership) -> list[str]:
    """The buttons this person gets on this row: entitled to, and possible from its state."""
    possible = [verb for verb in MEMBERSHIP_MOVES if can_move(MEMBERSHIP_MOVES, verb, membership.state)]
    return [verb for verb in possible if may(user, verb, membership)]
