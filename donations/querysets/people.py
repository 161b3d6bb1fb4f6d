"""Whose things are whose."""

from typing import Any

from django.db.models import Q

from portal.accounts.enums import MembershipState, Role


def led_by(user: Any) -> Any:
    """Organisations (their keys, as a subquery) of which `user` is a confirmed focal point."""
    held = user.memberships.filter(state=MembershipState.CONFIRMED, role=Role.FOCAL_POINT)
    return held.values("organisation")


def own_needs(user: Any, prefix: str = "") -> Q:
    """Asked for by `user` or by an organisation that they lead."""
    return Q(**{f"{prefix}asked_by": user}) | Q(**{f"{prefix}organisation__in": led_by(user)})


def own_offers(user: Any, prefix: str = "") -> Q:
    """Offered by `user` or in the name of an organisation that they lead."""
    return Q(**{f"{prefix}donor": user}) | Q(**{f"{prefix}organisation__in": led_by(user)})
