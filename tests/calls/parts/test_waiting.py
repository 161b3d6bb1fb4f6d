"""Endorsements wait for the focal points of an institution, and for staff where it has none."""

import pytest
from django.utils import timezone

from calls.actions.application.endorsement import answer, ask
from calls.models import Application
from calls.waiting import waiting_for
from portal.accounts.enums import MembershipState, Role
from portal.accounts.models import Membership
from portal.core.waiting import written
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.applications import ApplicationFactory, EndorsementFactory, TeamMemberFactory

pytestmark = pytest.mark.django_db


def to_endorse(person) -> list[str]:
    return [line.url for line in written(waiting_for(person)) if line.title.startswith("Endorse")]


def test_it_waits_for_the_focal_point_until_answered(
    draft, researcher, focal_point, staff, stranger_focal_point, operator
):
    assert to_endorse(focal_point) == []
    ask(draft, by=researcher)
    assert to_endorse(focal_point) == [f"/en/applications/{draft.ref}/endorse/"]
    for person in (researcher, staff, stranger_focal_point, operator):
        assert to_endorse(person) == [], person
    answer(draft, is_given=True, by=focal_point)
    assert to_endorse(focal_point) == []


def test_it_waits_for_staff_where_nobody_else_can(draft, researcher, staff, focal_point):
    ask(draft, by=researcher)
    TeamMemberFactory(application=draft, user=focal_point, accepted_at=timezone.now())
    assert (len(to_endorse(staff)), to_endorse(focal_point)) == (1, [])
    draft.team.all().delete()
    Membership.objects.filter(user=focal_point).update(state=MembershipState.ENDED)
    assert len(to_endorse(staff)) == 1
    MembershipFactory(user=researcher, organisation=draft.organisation, role=Role.FOCAL_POINT)
    assert (len(to_endorse(staff)), to_endorse(researcher)) == (1, [])


def test_staff_do_not_endorse_their_own(draft, staff, admin_user):
    own = ApplicationFactory(applicant=staff)
    EndorsementFactory(application=own)
    assert (to_endorse(staff), len(to_endorse(admin_user))) == ([], 1)


@pytest.mark.parametrize("many", [1, 3])
def test_one_statement_whatever_the_number(many, staff, django_assert_num_queries):
    for _number in range(many):
        led = OrganisationFactory()
        MembershipFactory(user=UserFactory(), organisation=led, role=Role.FOCAL_POINT)
        EndorsementFactory(application=ApplicationFactory(organisation=led))
        EndorsementFactory()
    with django_assert_num_queries(1):
        rows = list(Application.objects.to_endorse_by(staff).for_list())
    assert len(rows) == many
