"""Needs for programs: what everybody may read, and the deeds of their people."""

import pytest
from rest_framework.test import APIClient

from tests.factories.donations import CategoryFactory, NeedDraftFactory, NeedFactory, PhotoFactory

pytestmark = pytest.mark.django_db
AT = "/api/v1/donations/needs/"


@pytest.fixture
def api():
    return APIClient()


def as_(person) -> APIClient:
    client = APIClient()
    client.force_authenticate(person)
    return client


def test_everybody_reads_the_public_ones_without_addresses(api):
    need = NeedFactory(end_use="Spinning blood")
    need.requirements.create(feature="speed_rpm", least=4000)
    PhotoFactory(need=need)
    NeedFactory(state="submitted")
    listed = api.get(AT).json()["results"]
    assert [row["ref"] for row in listed] == [need.ref]
    shown = api.get(f"{AT}{need.ref}/").json()
    assert shown["requirements"] == [{"feature": "speed_rpm", "least": "4000.000", "most": None, "is_must": True}]
    assert shown["photos"][0]["alt"] == "The bench with its socket"
    assert not {"deliver_to", "customs_contact", "asked_by", "end_use", "end_user", "note"} & set(shown)


@pytest.mark.parametrize(
    ("query", "found"), [("category=balances", 1), ("country=fr", 1), ("purpose=research", 0), ("q=centri", 1), ("", 2)]
)
def test_it_is_filtered(query, found, api, laboratory):
    NeedFactory(organisation=laboratory)
    NeedFactory(category=CategoryFactory(slug="balances", name_en="Balances"), title="A balance")
    assert len(api.get(f"{AT}?{query}").json()["results"]) == found


def test_own_ones_are_read_in_any_state(focal_point, stranger_focal_point):
    need = NeedDraftFactory(asked_by=focal_point)
    assert len(as_(focal_point).get(f"{AT}?own=true").json()["results"]) == 1
    assert as_(stranger_focal_point).get(f"{AT}{need.ref}/").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_number_of_questions(number, api, django_assert_num_queries):
    NeedFactory.create_batch(number)
    with django_assert_num_queries(1):
        assert len(api.get(AT).json()["results"]) == number


def test_an_unchanged_list_is_not_sent_again(api):
    NeedFactory()
    assert api.get(AT, headers={"If-None-Match": api.get(AT)["ETag"]}).status_code == 304


def test_hand_in_renew_and_withdraw(focal_point):
    need = NeedDraftFactory(asked_by=focal_point, steps={})
    client = as_(focal_point)
    refused = client.post(f"{AT}{need.ref}/hand-in/")
    assert refused.status_code == 422
    need.steps = NeedDraftFactory.build(organisation=None, asked_by=None, category=None).steps
    need.save()
    assert client.post(f"{AT}{need.ref}/hand-in/").json()["state"] == "submitted"
    assert client.post(f"{AT}{need.ref}/renew/").status_code == 422
    assert client.post(f"{AT}{need.ref}/withdraw/", {"why": "Bought"}, format="json").json()["state"] == "withdrawn"


def test_strangers_and_visitors_do_nothing(api, stranger_focal_point):
    need = NeedFactory()
    for deed in ("hand-in", "renew", "withdraw"):
        assert api.post(f"{AT}{need.ref}/{deed}/").status_code in (401, 403)
        assert as_(stranger_focal_point).post(f"{AT}{need.ref}/{deed}/").status_code == 403
    need.refresh_from_db()
    assert need.state == "open"
