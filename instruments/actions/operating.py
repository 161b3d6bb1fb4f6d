"""Who proposes an instrument asks to be an operator of its laboratory, as long as the proposal stands."""

from django.db.models import Subquery

from instruments.enums import OPEN_PROPOSAL
from instruments.models import Instrument
from portal.accounts.actions.memberships import request_membership, withdraw_membership
from portal.accounts.enums import MembershipState, Role
from portal.accounts.models import Membership, Organisation, User


def ask_to_operate(organisation: Organisation, *, by: User) -> None:
    """Ask to be an operator there, unless `by` is one, has asked, or is staff."""
    has_asked = Membership.objects.open().filter(user=by, organisation=organisation, role=Role.OPERATOR)
    if not by.is_staff and not has_asked.exists():
        request_membership(organisation, Role.OPERATOR, by=by)


def no_longer_ask(organisation_id: int, *, by: User) -> None:
    """With the last proposal goes the request to be an operator; one that was made before any proposal stays."""
    theirs = Instrument.objects.filter(organisation=organisation_id, proposed_by=by)
    if theirs.filter(state__in=OPEN_PROPOSAL).exists():
        return
    since = theirs.order_by("created_at").values("created_at")[:1]
    asked = Membership.objects.filter(user=by, organisation=organisation_id, role=Role.OPERATOR)
    for request in asked.filter(state=MembershipState.REQUESTED, created_at__gte=Subquery(since)):
        withdraw_membership(request, by=by)
