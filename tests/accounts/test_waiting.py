"""What waits for each person."""

from typing import Any

import pytest

from portal.accounts.models import Organisation, User
from portal.accounts.waiting import waiting_for
from portal.core.waiting import written
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db


def titles(user: User) -> list[str]:
    return [line.title for line in written(waiting_for(user))]


def test_nothing_waits_for_who_is_done(researcher: User) -> None:
    assert titles(researcher) == []


@pytest.mark.parametrize("field", ["country", "career_stage"])
def test_an_incomplete_profile_waits(field: str) -> None:
    user = UserFactory(**{field: ""})
    (line,) = written(waiting_for(user))
    assert (line.title, line.url) == ("Complete your profile", "/en/me/profile/")


def test_requests_wait_for_the_focal_point_one_line_an_organisation(
    institute: Organisation, focal_point: User, stranger_focal_point: User
) -> None:
    MembershipFactory(organisation=institute, user__name="Nia", state="requested")
    MembershipFactory(organisation=institute, user__name="Musa", state="requested")
    (line,) = written(waiting_for(focal_point))
    assert line.title == "2 people ask to join Lakeside University"
    assert line.url == "/en/organisations/lakeside-university/members/"
    assert line.detail == "Nia, Musa"
    assert titles(stranger_focal_point) == []


def test_a_persons_own_request_is_shown_to_them(institute: Organisation, donor: User) -> None:
    MembershipFactory(organisation=institute, user=donor, state="requested")
    assert titles(donor) == ["Your request to be researcher at Lakeside University waits for an answer"]


def test_proposals_and_first_requests_wait_for_staff(staff: User) -> None:
    organisation = OrganisationFactory(name="Highland College", state="proposed")
    MembershipFactory(organisation=organisation, role="focal_point", state="requested")
    assert titles(staff) == ["1 person asks to join Highland College", "1 organisation to verify"]


@pytest.mark.parametrize("rows", [1, 3])
def test_staff_are_answered_in_one_statement_beside_their_memberships(
    rows: int, staff: User, django_assert_num_queries: Any
) -> None:
    MembershipFactory.create_batch(rows, state="requested")
    OrganisationFactory.create_batch(rows, state="proposed")
    with django_assert_num_queries(2):
        assert len(written(waiting_for(staff))) == rows + 1
