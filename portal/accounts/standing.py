"""What the header knows of a person without asking the database: whether they run a laboratory's instruments."""

from collections.abc import Iterable

from django.http import HttpRequest

from portal.accounts.enums import MembershipState, Role
from portal.accounts.models import Membership

_KEY = "operates"


def remember(request: HttpRequest, memberships: Iterable[Membership]) -> None:
    """Keep in the session whether one of these memberships, all the person's own, is a confirmed operator's.

    The link it shows opens nothing by itself: the laboratory's page asks the memberships again.
    """
    operates = any(row.role == Role.OPERATOR and row.state == MembershipState.CONFIRMED for row in memberships)
    if request.session.get(_KEY, False) != operates:
        request.session[_KEY] = operates
