"""Organisations over the API: the same rows as on the pages."""

from typing import Any

import pytest
from django.test import Client

from portal.accounts import actions
from portal.accounts.models import Organisation, User
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.instruments import InstrumentFactory

pytestmark = pytest.mark.django_db
API = "/api/v1/organisations/"


def slugs(answer: Any) -> list[str]:
    return [row["slug"] for row in answer.json()["results"]]


def test_an_organisation_says_who_it_is_and_nothing_of_its_people(client: Client, researcher: User) -> None:
    Organisation.objects.update(ror="03yrm5c26")
    answer = client.get(f"{API}lakeside-university/")
    assert answer.json() == {
        "slug": "lakeside-university",
        "name": "Lakeside University",
        "former_names": [],
        "other_names": [],
        "kind": "university",
        "country": "KE",
        "city": "Nairobi",
        "time_zone": "Africa/Nairobi",
        "ror": "https://ror.org/03yrm5c26",
        "website": "",
        "summary": "",
        "state": "verified",
        "url": "http://testserver/en/organisations/lakeside-university/",
    }


def test_proposed_ones_are_seen_by_their_people_and_staff(
    client: Client, researcher: User, staff: User, stranger_researcher: User
) -> None:
    hidden = OrganisationFactory(slug="hidden", state="proposed")
    MembershipFactory(organisation=hidden, user=researcher, state="requested")
    seen = {}
    for user in (None, researcher, staff, stranger_researcher):
        if user:
            client.force_login(user)
        seen[user and user.name] = ("hidden" in slugs(client.get(API)), client.get(f"{API}hidden/").status_code)
    assert seen == {
        None: (False, 404),
        "Amina Researcher": (True, 200),
        "Sam Staff": (True, 200),
        "Stranger Researcher": (False, 404),
    }


def test_a_token_sees_what_its_person_sees(client: Client, researcher: User) -> None:
    hidden = OrganisationFactory(slug="hidden", state="proposed")
    MembershipFactory(organisation=hidden, user=researcher, state="requested")
    _token, secret = actions.make_token("laptop", can_write=False, by=researcher)
    assert "hidden" in slugs(client.get(API, headers={"authorization": f"Token {secret}"}))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("country=ke", ["lakeside-university"]),
        ("q=grenoble", ["alpine-crystallography"]),
        ("kind=university&country=FR", ["alpine-crystallography"]),
        ("q=nowhere", []),
    ],
)
def test_filters(query: str, found: list[str], client: Client, institute: Any, laboratory: Any) -> None:
    assert slugs(client.get(f"{API}?{query}")) == found


@pytest.mark.parametrize("slug", ["%00", "a%00b", "%E2%80%AE", "a'b"])
def test_an_address_that_no_organisation_can_have(slug: str, client: Client, institute: Organisation) -> None:
    answer = client.get(f"{API}{slug}/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_an_unknown_kind_is_refused(client: Client, institute: Organisation) -> None:
    answer = client.get(f"{API}?kind=circus")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_it_is_read_only(method: str, client: Client, staff: User, institute: Organisation) -> None:
    client.force_login(staff)
    answer = getattr(client, method)(f"{API}lakeside-university/", {}, content_type="application/json")
    assert answer.status_code in (403, 405)
    assert Organisation.objects.get().name == "Lakeside University"


def test_a_read_that_changed_nothing_costs_no_body(client: Client, institute: Organisation) -> None:
    tag = client.get(f"{API}lakeside-university/")["ETag"]
    again = client.get(f"{API}lakeside-university/", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_one_question(rows: int, client: Client, django_assert_num_queries: Any) -> None:
    OrganisationFactory.create_batch(rows)
    with django_assert_num_queries(1):
        assert len(slugs(client.get(API))) == rows


def test_host_laboratories_are_those_with_a_public_instrument(client: Client, researcher: User) -> None:
    hosts = [InstrumentFactory(), InstrumentFactory(state="suspended")]
    InstrumentFactory(state="draft")
    assert set(slugs(client.get(f"{API}?hosts=true"))) == {row.organisation.slug for row in hosts}
    assert len(slugs(client.get(f"{API}?hosts=false"))) == 4
