"""Needs for programs: what everybody may read, and the deeds of their people."""

import pytest
from rest_framework.test import APIClient

from donations.models import Need
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


def test_a_draft_is_begun_and_written(focal_point, institute):
    client = as_(focal_point)
    begun = client.post(AT, {"organisation": institute.slug}, format="json")
    assert (begun.status_code, begun.json()["state"]) == (201, "draft")
    at = f"{AT}{begun.json()['ref']}/"
    assert "What you need: still to say: category, title." in begun.json()["missing"]
    CategoryFactory()
    sent = {"section": "what", "version": 0, "done": True, "values": {"title": "Spinner", "category": "centrifuges"}}
    assert client.patch(at, sent, format="json").json()["title"] == "Spinner"
    assert client.patch(at, sent | {"values": {"title": "Other"}}, format="json").status_code == 409
    asked = {"section": "must", "version": 0, "values": {"least_speed_rpm": 4000}}
    written = client.patch(at, asked, format="json").json()
    assert [row["feature"] for row in written["requirements"]] == ["speed_rpm"]
    assert written["versions"]["must"] == 1


@pytest.mark.parametrize(
    ("section", "values"),
    [
        ("what", {"quantity": 100_000}),
        ("what", {"category": "spaceships"}),
        ("what", {"state": "open"}),
        ("why", {"women": 500}),
        ("place", {"voltage": 5}),
        ("must", {"least_speed_rpm": 9, "most_speed_rpm": 1}),
        ("photos", {}),
        ("nothing", {}),
    ],
)
def test_bad_input_is_answered_400_and_changes_nothing(section, values, focal_point):
    need = NeedDraftFactory(asked_by=focal_point)
    before = Need.objects.filter(pk=need.pk).values().get()
    sent = {"section": section, "version": 1, "values": values}
    assert as_(focal_point).patch(f"{AT}{need.ref}/", sent, format="json").status_code == 400
    assert Need.objects.filter(pk=need.pk).values().get() == before


def test_nobody_begins_one_for_others(focal_point, stranger_focal_point, institute):
    sent = {"organisation": institute.slug}
    assert as_(stranger_focal_point).post(AT, sent, format="json").status_code == 403
    assert as_(focal_point).post(AT, sent | {"award": "NOSUCH"}, format="json").status_code == 400
    assert as_(focal_point).post(AT, {"organisation": "nowhere"}, format="json").status_code == 400
    assert not Need.objects.exists()
