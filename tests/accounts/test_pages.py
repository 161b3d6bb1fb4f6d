"""The pages of people and organisations: who gets in, what is said, what is kept."""

from typing import Any

import pytest
from django.test import Client

from portal.accounts.enums import MembershipState, Role
from portal.accounts.models import Membership, Organisation, User
from portal.audit.models import Record
from portal.notifications.models import Notification
from tests.factories.accounts import MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db

CAST = [
    "visitor",
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
EVERYBODY = set(CAST)
SIGNED_IN = EVERYBODY - {"visitor"}
STAFF = {"staff", "admin_user"}
PAGES = {
    "/en/network/": EVERYBODY,
    "/en/organisations/lakeside-university/": EVERYBODY,
    "/en/organisations/lakeside-university/members/": {"focal_point", *STAFF},
    "/en/organisations/hidden/": STAFF,
    "/en/organisations/hidden/members/": STAFF,
    "/en/organisations/propose/": SIGNED_IN,
    "/en/me/profile/": SIGNED_IN,
    "/en/me/tokens/": SIGNED_IN,
    "/en/me/time-zone/": EVERYBODY,
    "/en/desk/organisations/": STAFF,
}


def enter(client: Client, member: str, request: Any) -> None:
    user = request.getfixturevalue(member)
    if member != "visitor":
        client.force_login(user)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("member", CAST)
def test_each_page_lets_in_whom_it_should(
    member: str, path: str, client: Client, institute: Organisation, request: Any
) -> None:
    OrganisationFactory(slug="hidden", state="proposed")
    enter(client, member, request)
    answer = client.get(path)
    if member in PAGES[path]:
        assert answer.status_code == 200
    elif member == "visitor" and "hidden/members" not in path and path != "/en/organisations/hidden/":
        assert answer["Location"].startswith("/en/accounts/login/?next=")
    else:
        assert answer.status_code in (302, 403, 404)
    assert not Record.objects.exists(), "looking changes nothing"


# --- Joining ------------------------------------------------------------------------------------------


def test_a_person_asks_a_focal_point_confirms(
    client: Client, institute: Organisation, focal_point: User, stranger_researcher: User
) -> None:
    client.force_login(stranger_researcher)
    answer = client.post("/en/organisations/lakeside-university/join/", {"role": "researcher"}, follow=True)
    assert "Your request is sent." in answer.content.decode()
    membership = Membership.objects.get(user=stranger_researcher, organisation=institute)
    client.force_login(focal_point)
    page = client.get("/en/organisations/lakeside-university/members/").content.decode()
    assert "Stranger Researcher" in page
    answer = client.post(f"/en/organisations/memberships/{membership.pk}/confirm/")
    assert answer["Location"] == "/en/organisations/lakeside-university/members/"
    membership.refresh_from_db()
    assert membership.state == MembershipState.CONFIRMED


def test_asking_twice_is_explained_on_the_page(client: Client, institute: Organisation, researcher: User) -> None:
    client.force_login(researcher)
    answer = client.post("/en/organisations/lakeside-university/join/", {"role": "researcher"})
    assert answer.status_code == 409
    assert "You have this role here already" in answer.content.decode()
    assert Membership.objects.count() == 1


@pytest.mark.parametrize("role", ["", "king", "researcher,operator"])
def test_a_role_that_is_none_is_refused(role: str, client: Client, institute: Organisation, donor: User) -> None:
    client.force_login(donor)
    assert client.post("/en/organisations/lakeside-university/join/", {"role": role}).status_code == 422
    assert not Membership.objects.exists()


@pytest.mark.parametrize("member", ["visitor", "researcher", "operator", "donor", "stranger_focal_point"])
@pytest.mark.parametrize("verb", ["confirm", "refuse", "end", "withdraw"])
def test_a_move_by_somebody_else_changes_nothing(
    member: str, verb: str, client: Client, institute: Organisation, request: Any
) -> None:
    state = "confirmed" if verb == "end" else "requested"
    membership = MembershipFactory(organisation=institute, state=state)
    enter(client, member, request)
    answer = client.post(f"/en/organisations/memberships/{membership.pk}/{verb}/")
    assert answer.status_code in (302, 403, 404)
    membership.refresh_from_db()
    assert membership.state == state
    assert not Notification.objects.exists()


def test_a_move_is_a_post_and_a_known_verb(client: Client, staff: User, institute: Organisation) -> None:
    membership = MembershipFactory(organisation=institute, state="requested")
    client.force_login(staff)
    assert client.get(f"/en/organisations/memberships/{membership.pk}/confirm/").status_code == 405
    assert client.post(f"/en/organisations/memberships/{membership.pk}/crown/").status_code == 404


def test_a_late_click_is_answered_409_or_422_with_a_sentence(
    client: Client, institute: Organisation, focal_point: User
) -> None:
    membership = MembershipFactory(organisation=institute, state="refused")
    client.force_login(focal_point)
    answer = client.post(f"/en/organisations/memberships/{membership.pk}/confirm/")
    assert answer.status_code == 422
    assert "changed in the meantime" in answer.content.decode()


def test_the_page_offers_a_person_what_they_may(client: Client, researcher: User, institute: Organisation) -> None:
    asked = MembershipFactory(user=researcher, organisation=institute, role=Role.OPERATOR, state="requested")
    client.force_login(researcher)
    page = client.get(institute.get_absolute_url()).content.decode()
    assert f"/en/organisations/memberships/{asked.pk}/withdraw/" in page
    assert f"/en/organisations/memberships/{asked.pk}/confirm/" not in page
    assert (
        client.post(f"/en/organisations/memberships/{asked.pk}/withdraw/")["Location"] == institute.get_absolute_url()
    )
    asked.refresh_from_db()
    assert asked.state == MembershipState.ENDED


def test_addresses_of_members_are_not_public(client: Client, institute: Organisation, researcher: User) -> None:
    page = client.get(institute.get_absolute_url()).content.decode()
    assert researcher.email not in page
    assert researcher.name not in page


# --- Proposing ------------------------------------------------------------------------------------------

PROPOSAL = {
    "name": "Highland College",
    "kind": "university",
    "country": "ET",
    "city": "",
    "ror": "",
    "website": "highland.example",
    "role": "focal_point",
}


def test_a_proposal_is_kept_with_its_countrys_zone(client: Client, researcher: User) -> None:
    client.force_login(researcher)
    answer = client.post("/en/organisations/propose/", PROPOSAL)
    assert answer["Location"] == "/en/organisations/highland-college/"
    organisation = Organisation.objects.get(slug="highland-college")
    assert (organisation.time_zone, organisation.website) == ("Africa/Addis_Ababa", "https://highland.example")


def test_a_likely_double_is_shown_before_it_is_entered(client: Client, researcher: User) -> None:
    OrganisationFactory(name="highland college", country="ET", slug="highland")
    client.force_login(researcher)
    answer = client.post("/en/organisations/propose/", PROPOSAL)
    assert answer.status_code == 422
    assert "/en/organisations/highland/" in answer.content.decode()
    assert Organisation.objects.filter(country="ET").count() == 1
    assert client.post("/en/organisations/propose/", PROPOSAL | {"is_new": "on"}).status_code == 302
    assert Organisation.objects.filter(country="ET").count() == 2


def test_a_double_that_is_not_public_is_not_shown(client: Client, researcher: User) -> None:
    OrganisationFactory(name="Highland College", country="ET", slug="secret-proposal", state="proposed")
    client.force_login(researcher)
    answer = client.post("/en/organisations/propose/", PROPOSAL)
    assert answer.status_code == 422
    assert "secret-proposal" not in answer.content.decode()


def test_a_ror_that_is_taken_is_refused_even_when_it_is_said_to_be_new(client: Client, researcher: User) -> None:
    OrganisationFactory(ror="03yrm5c26")
    client.force_login(researcher)
    answer = client.post("/en/organisations/propose/", PROPOSAL | {"ror": "03yrm5c26", "is_new": "on"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (409, ["ror"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ror", "03yrm5c27"),
        ("name", ""),
        ("kind", "circus"),
        ("country", ""),
        ("website", "javascript:alert(1)"),
        ("role", ""),
    ],
)
def test_a_bad_proposal_is_refused(field: str, value: str, client: Client, researcher: User, institute: Any) -> None:
    client.force_login(researcher)
    answer = client.post("/en/organisations/propose/", PROPOSAL | {field: value})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert Organisation.objects.count() == 1


def test_staff_verify_from_the_desk(client: Client, staff: User) -> None:
    organisation = OrganisationFactory(slug="highland", name="Highland College", state="proposed")
    client.force_login(staff)
    assert "Highland College" in client.get("/en/desk/organisations/").content.decode()
    assert client.get("/en/desk/organisations/highland/verify/").status_code == 405
    answer = client.post("/en/desk/organisations/highland/verify/", follow=True)
    assert "Highland College is verified" in answer.content.decode()
    organisation.refresh_from_db()
    assert organisation.state == "verified"


# --- Lists: the same number of statements whatever the number of rows -----------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_the_members_page_asks_as_many_questions_for_three_as_for_one(
    rows: int, client: Client, institute: Organisation, focal_point: User, django_assert_num_queries: Any
) -> None:
    MembershipFactory.create_batch(rows, organisation=institute, state="requested")
    client.force_login(focal_point)
    with django_assert_num_queries(8):  # session, person, organisation, may see, two roles answered, count, rows
        assert len(client.get("/en/organisations/lakeside-university/members/").context["rows"]) == rows + 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_desk_page_asks_four_questions(
    rows: int, client: Client, staff: User, django_assert_num_queries: Any
) -> None:
    OrganisationFactory.create_batch(rows, state="proposed")
    client.force_login(staff)
    with django_assert_num_queries(4):  # session, person, count, rows
        assert client.get("/en/desk/organisations/").context["page"].paginator.count == rows


def test_the_old_list_leads_to_the_directory_with_what_was_asked(client: Client) -> None:
    answer = client.get("/en/organisations/?q=lake")
    assert (answer.status_code, answer["Location"]) == (301, "/en/network/?q=lake")
