"""Offers for programs: the public ones, one's own, drafts written section by section."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from donations.models import Offer
from tests.factories.donations import CategoryFactory, OfferDraftFactory, OfferFactory, PhotoFactory

pytestmark = pytest.mark.django_db
LIST = "/api/v1/donations/offers/"


def signed_in(person) -> APIClient:
    client = APIClient()
    client.force_authenticate(person)
    return client


def url(offer, *parts) -> str:
    return f"{LIST}{offer.ref}/" + "".join(f"{part}/" for part in parts)


def test_everybody_reads_the_public_ones_without_private_parts(donor, stranger_focal_point):
    offer = OfferFactory(donor=donor, serials="RN-40117", export_class="EAR99")
    offer.features.create(feature="cooled")
    hidden = OfferFactory(donor=donor, state="vetting")
    for client in (APIClient(), signed_in(stranger_focal_point)):
        assert [row["ref"] for row in client.get(LIST).json()["results"]] == [offer.ref]
        answer = client.get(url(offer))
        read = answer.json()
        assert (read["organisation"], read["country"], read["left"], read["versions"]) == (None, "FR", 1, None)
        assert read["features"] == [{"feature": "cooled", "value": None}]
        for secret in ("RN-40117", "EAR99", "Loading bay", "Dora", donor.email):
            assert secret not in answer.content.decode()
        assert client.get(url(hidden)).status_code == 404
    assert signed_in(donor).get(url(hidden)).status_code == 200


@pytest.mark.parametrize("query", ["category=balances", "country=de", "giving=loan", "q=scal", "own=true"])
def test_filters(query, donor):
    OfferFactory(title="Spinner")
    balances = CategoryFactory(slug="balances", name_en="Balances", name_fr="Balances")
    OfferFactory(donor=donor, title="Scales", category=balances, country="DE", giving="loan", loan_months=6)
    rows = signed_in(donor).get(f"{LIST}?{query}").json()["results"]
    assert [row["title"] for row in rows] == ["Scales"]


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_number_of_questions(number, django_assert_num_queries):
    for offer in OfferFactory.create_batch(number):
        PhotoFactory(offer=offer)
    with django_assert_num_queries(1):
        APIClient().get(LIST)


def test_a_draft_is_begun_written_and_handed_in(donor):
    client = signed_in(donor)
    begun = client.post(LIST, format="json")
    assert begun.status_code == 201
    offer = Offer.objects.get()
    assert (begun.json()["ref"], begun.json()["state"]) == (offer.ref, "draft")
    missing = "Where it is, until when, and on what terms: still to say: town, where it is fetched."
    assert missing in begun.json()["missing"]
    CategoryFactory()
    sent = {"section": "thing", "version": 0, "done": True, "values": {"title": "Spinner", "category": "centrifuges"}}
    written = client.patch(url(offer), sent, format="json")
    assert written.status_code == 200, written.json()
    assert (written.json()["title"], written.json()["versions"]["thing"]) == ("Spinner", 1)
    features = {"feature_speed_rpm": 4000, "condition": "good"}
    sent = {"section": "condition", "version": 0, "values": features}
    assert client.patch(url(offer), sent, format="json").json()["features"][0]["feature"] == "speed_rpm"
    refused = client.post(url(offer, "hand-in"), format="json")
    assert refused.status_code == 422
    ready = OfferDraftFactory(donor=donor)
    assert client.post(url(ready, "hand-in"), format="json").json()["state"] == "vetting"


def test_what_is_not_sent_stays(donor):
    offer = OfferDraftFactory(donor=donor)
    offer.features.create(feature="cooled")
    sent = {"section": "condition", "version": 1, "values": {"description": "Serviced"}}
    assert signed_in(donor).patch(url(offer), sent, format="json").status_code == 200
    offer.refresh_from_db()
    assert (offer.description, offer.condition, offer.features.count()) == ("Serviced", "good", 1)
    sent = {"section": "supply", "version": 1, "values": {"weight_kg": 3}}
    assert signed_in(donor).patch(url(offer), sent, format="json").status_code == 200
    offer.refresh_from_db()
    assert (offer.weight_kg, offer.needs_mains, offer.frequencies) == (3, True, [50, 60])


@pytest.mark.parametrize(
    ("section", "values"),
    [
        ("thing", {"quantity": 100_000}),
        ("thing", {"category": "spaceships"}),
        ("thing", {"state": "vetted"}),
        ("supply", {"weight_kg": "NaN"}),
        ("supply", {"voltage_low": 300}),
        ("place", {"available_until": "2001-01-01"}),
        ("rights", {"organisation": "lakeside-university"}),
        ("nothing", {}),
    ],
)
def test_bad_input_is_answered_400_and_changes_nothing(section, values, donor, institute):
    offer = OfferDraftFactory(donor=donor)
    answer = signed_in(donor).patch(url(offer), {"section": section, "version": 1, "values": values}, format="json")
    assert answer.status_code == 400
    before = offer.steps
    offer.refresh_from_db()
    assert offer.steps == before


def test_nobody_is_overwritten(donor):
    offer = OfferDraftFactory(donor=donor)
    sent = {"section": "extras", "version": 0, "values": {"spares": "Mine"}}
    assert signed_in(donor).patch(url(offer), sent, format="json").status_code == 409


def test_strangers_and_visitors_write_nothing(stranger_focal_point):
    draft, public = OfferDraftFactory(), OfferFactory()
    sent = {"section": "extras", "version": 1, "values": {"spares": "Mine"}}
    client = signed_in(stranger_focal_point)
    assert client.patch(url(draft), sent, format="json").status_code == 404
    assert client.patch(url(public), sent, format="json").status_code == 403
    for deed in ("hand-in", "withdraw"):
        assert client.post(url(public, deed), format="json").status_code == 403
        assert APIClient().post(url(public, deed), format="json").status_code == 401
    assert APIClient().post(LIST, format="json").status_code == 401


def test_it_is_prolonged_and_withdrawn(donor):
    offer = OfferFactory(donor=donor)
    client = signed_in(donor)
    until = (timezone.now() + timedelta(days=99)).date().isoformat()
    assert client.post(url(offer, "extend"), {"until": until}, format="json").json()["expires_on"] == until
    assert client.post(url(offer, "extend"), {"until": "2001-01-01"}, format="json").status_code == 422
    assert client.post(url(offer, "withdraw"), {"why": "Sold"}, format="json").json()["state"] == "withdrawn"
    assert client.post(url(offer, "withdraw"), {"why": "Sold"}, format="json").status_code == 422
