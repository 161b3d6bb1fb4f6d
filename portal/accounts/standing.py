"""What is known of a person without asking the database again: by the header of every page, and within one page."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.accounts.enums import MembershipState, Role
from portal.accounts.models import Membership

_KEY = "operates"


def remember(request: HttpRequest, memberships: Iterable[Membership]) -> None:
    """Keep in the session whether one of these memberships, all the person's own, is a confirmed operator's.

    The link it shows opens nothing by itself: the laboratory's page asks the memberships again.
    """
    operates = Role.OPERATOR in held(memberships)
    if request.session.get(_KEY, False) != operates:
        request.session[_KEY] = operates


def read_memberships(user: Any) -> list[Membership]:
    """Ask for the open memberships and keep them on this very `user`, for what else the same page asks of them."""
    user.known_memberships = list(_open(user))
    return memberships_of(user)


def keep_memberships(user: Any) -> None:
    """Have this very `user` keep the open memberships once anything asks for them: for pages that ask several times."""
    user.known_memberships = SimpleLazyObject(lambda: list(_open(user)))


def known_to_hold(user: Any, organisation: int, role: str) -> bool | None:
    """Whether `user` holds the role there, where the page keeps their memberships; None where nothing is kept."""
    known: list[Membership] | None = getattr(user, "known_memberships", None)
    if known is None:
        return None
    return role in held(row for row in known if row.organisation_id == organisation)


def memberships_of(user: Any) -> list[Membership]:
    """The open memberships, oldest first: those that the page has read, else asked for now and not kept."""
    known: list[Membership] | None = getattr(user, "known_memberships", None)
    return list(_open(user)) if known is None else known


def held(memberships: Iterable[Membership]) -> set[str]:
    """The roles that these memberships give: those that are confirmed."""
    return {row.role for row in memberships if row.state == MembershipState.CONFIRMED}


def roles_of(user: Any) -> set[str]:
    """The roles that `user` holds anywhere: who holds none need not be looked up where it takes one."""
    return held(memberships_of(user))


def _open(user: Any) -> Iterable[Membership]:
    return Membership.objects.open().filter(user=user).select_related("organisation").order_by("pk")
