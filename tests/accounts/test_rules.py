"""Who may answer a request or end a role, and who may not."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from portal.accounts import actions, rules
from portal.accounts.enums import MembershipState, Role
from portal.accounts.models import Membership, Organisation, User
from portal.audit.models import Record
from portal.core.errors import Forbidden, Refused
from portal.notifications.models import Notification
from tests.factories.accounts import MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db

DEEDS = {
    "confirm": actions.confirm_membership,
    "refuse": actions.refuse_membership,
    "end": actions.end_membership,
}

CAST = [
    "researcher",
    "focal_point",
    "operator",
    "reviewer",
    "donor",
    "staff",
    "admin_user",
    "stranger_researcher",
    "stranger_focal_point",
    "stranger_operator",
]
ANSWERED_BY = {
    Role.RESEARCHER: {"focal_point", "staff", "admin_user"},
    Role.FOCAL_POINT: {"staff", "admin_user"},
    Role.OPERATOR: {"operator", "staff", "admin_user"},
}


@pytest.mark.parametrize("member", CAST)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("verb", ["confirm", "refuse", "end"])
def test_only_those_entitled_answer_and_end(
    member: str, role: Role, verb: str, institute: Organisation, laboratory: Organisation, request: Any
) -> None:
    user = request.getfixturevalue(member)
    organisation = laboratory if role == Role.OPERATOR else institute
    state = MembershipState.CONFIRMED if verb == "end" else MembershipState.REQUESTED
    membership = MembershipFactory(organisation=organisation, role=role, state=state)
    may = member in ANSWERED_BY[role]
    assert rules.may(user, verb, membership) is may
    if may:
        DEEDS[verb](membership, by=user)
    else:
        with pytest.raises(Forbidden):
            DEEDS[verb](membership, by=user)
        membership.refresh_from_db()
        assert membership.state == state


@pytest.mark.parametrize("member", ["focal_point", "operator", "staff", "admin_user"])
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("verb", ["confirm", "refuse"])
def test_nobody_answers_their_own_request(
    member: str, role: Role, verb: str, institute: Organisation, laboratory: Organisation, request: Any
) -> None:
    user = request.getfixturevalue(member)
    held = {"focal_point": (institute, Role.FOCAL_POINT), "operator": (laboratory, Role.OPERATOR)}.get(member)
    organisation = held[0] if held and role != held[1] else OrganisationFactory()
    membership = MembershipFactory(user=user, organisation=organisation, role=role, state="requested")
    with pytest.raises(Forbidden):
        DEEDS[verb](membership, by=user)
    assert rules.verbs_for(user, membership) == ["withdraw"]


def test_a_visitor_may_nothing(institute: Organisation) -> None:
    for state in MembershipState.values:
        membership = MembershipFactory(organisation=institute, state=state)
        assert rules.verbs_for(AnonymousUser(), membership) == []


@pytest.mark.parametrize("gone", ["closed", "ended"])
def test_a_focal_point_who_is_gone_confirms_nobody(gone: str, institute: Organisation, focal_point: User) -> None:
    membership = MembershipFactory(organisation=institute, state="requested")
    if gone == "closed":
        focal_point.is_active = False
        focal_point.save()
    else:
        focal_point.memberships.update(state="ended")
    with pytest.raises(Forbidden):
        actions.confirm_membership(membership, by=focal_point)


def test_a_person_ends_their_own_role_and_gets_no_mail(researcher: User) -> None:
    membership = researcher.memberships.get()
    actions.end_membership(membership, by=researcher)
    assert membership.state == MembershipState.ENDED
    assert not Notification.objects.filter(kind="accounts.membership_ended").exists()


def test_nobody_is_confirmed_before_the_organisation_is(staff: User) -> None:
    membership = MembershipFactory(organisation=OrganisationFactory(state="proposed"), state="requested")
    with pytest.raises(Refused) as refusal:
        actions.confirm_membership(membership, by=staff)
    assert refusal.value.codes == ["organisation_proposed"]
    assert Membership.objects.get().state == MembershipState.REQUESTED
    assert not Record.objects.exists()
