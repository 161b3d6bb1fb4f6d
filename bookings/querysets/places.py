"""Of which organisations somebody is what: the subqueries by which rows are found that a role lets them see."""

from typing import Any

from portal.accounts.enums import MembershipState, Role


def led_by(user: Any) -> Any:
    """The organisations of which `user` is a confirmed focal point, by primary key."""
    return _where(user, Role.FOCAL_POINT)


def run_by(user: Any) -> Any:
    """The laboratories of which `user` is a confirmed operator, by primary key."""
    return _where(user, Role.OPERATOR)


def _where(user: Any, role: Role) -> Any:
    return user.memberships.filter(state=MembershipState.CONFIRMED, role=role).values("organisation")
