"""Whose word an application waits for."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from portal.accounts.enums import MembershipState, Role
from portal.accounts.models import Membership

LEADS = {"state": MembershipState.CONFIRMED, "role": Role.FOCAL_POINT}


def falls_to(user: Any, team: Any) -> Q:
    """Applications whose endorsement `user` gives: as focal point of its organisation; staff where there is none.

    `team` are the rows of those who accepted to take part, for the application of the outer query; none of them, nor
    the applicant, ever counts as its focal point.
    """
    leads = Q(organisation__in=user.memberships.filter(**LEADS).values("organisation"))
    if not user.is_staff:
        return leads
    people = Membership.objects.filter(organisation=OuterRef("organisation"), user__is_active=True, **LEADS).exclude(
        user=OuterRef("applicant")
    )
    outside = people.exclude(user__in=team.filter(application=OuterRef(OuterRef("pk"))).values("user"))
    return leads | (Q(organisation__isnull=False) & ~Q(Exists(outside)))
