"""Samples and check-ins in the API: the verdicts of the pages, as problem details."""

from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from bookings.models import Sample
from tests.factories.bookings import BookingFactory
from tests.factories.calls import AwardFactory
from tests.factories.samples import SampleFactory

pytestmark = pytest.mark.django_db


def client_of(user):
    client = APIClient()
    client.force_login(user)
    return client


@pytest.fixture
def api(researcher):
    return client_of(researcher)


@pytest.fixture
def wish(award):
    return {"award": award.ref, "label": "Cu-1", "composition": "C12H22CuO11", "form": "crystal"}


def test_declare_ship_receive_and_read(api, operator, award, wish):
    booking = BookingFactory(award=award)
    created = api.post("/api/v1/samples/", wish | {"booking": booking.ref, "hazards": ["toxic"]}, format="json")
    assert created.status_code == 201, created.content
    ref = created.json()["ref"]
    assert created.json()["booking"] == booking.ref
    shipped = api.post(f"/api/v1/samples/{ref}/ship/", {"carrier": "DHL"}, format="json")
    assert (shipped.json()["state"], shipped.json()["carrier"]) == ("shipped", "DHL")
    assert api.post(f"/api/v1/samples/{ref}/receive/").status_code == 403
    received = client_of(operator).post(f"/api/v1/samples/{ref}/receive/")
    assert received.json()["state"] == "received"
    assert [row["ref"] for row in api.get("/api/v1/samples/?state=received").json()["results"]] == [ref]
    assert api.get("/api/v1/samples/?state=declared").json()["results"] == []


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"label": ""}, 400, "label"),
        ({"hazards": ["evil"]}, 400, "hazards"),
        ({"award": "NOSUCH"}, 400, "award"),
        ({"booking": "NOSUCH"}, 400, "booking"),
        ({"hazard_words": "It bites."}, 422, "hazard_missing"),
    ],
)
def test_what_cannot_be_declared(api, wish, change, status, field):
    response = api.post("/api/v1/samples/", wish | change, format="json")
    assert response.status_code == status
    assert field in response.content.decode()
    assert not Sample.objects.exists()


def test_another_awards_booking_is_refused(api, researcher, wish):
    other = BookingFactory(award=AwardFactory(holder=researcher))
    response = api.post("/api/v1/samples/", wish | {"booking": other.ref}, format="json")
    assert response.status_code == 422
    assert "other_booking" in response.content.decode()


def test_take_back_refuse_and_wrong_steps(api, operator, award):
    first, second = SampleFactory.create_batch(2, award=award)
    assert api.delete(f"/api/v1/samples/{first.ref}/").status_code == 204
    laboratory = client_of(operator)
    assert laboratory.delete(f"/api/v1/samples/{second.ref}/").status_code == 403
    assert laboratory.post(f"/api/v1/samples/{second.ref}/mount/").status_code == 422
    assert laboratory.post(f"/api/v1/samples/{second.ref}/sing/").status_code == 404
    assert laboratory.post(f"/api/v1/samples/{second.ref}/refuse/", {"why": ""}, format="json").status_code == 422
    refused = laboratory.post(f"/api/v1/samples/{second.ref}/refuse/", {"why": "Too big."}, format="json")
    assert refused.json()["state"] == "refused"


def test_a_stranger_finds_nothing(stranger_focal_point, award):
    sample = SampleFactory(award=award)
    stranger = client_of(stranger_focal_point)
    assert stranger.get("/api/v1/samples/").json()["results"] == []
    assert stranger.get(f"/api/v1/samples/{sample.ref}/").status_code == 404


def test_operators_check_in_and_out(api, operator, award, monday, time_machine):
    booking = BookingFactory(award=award, start=monday.start)
    time_machine.move_to(monday.start - timedelta(hours=1), tick=False)
    address = f"/api/v1/sessions/{booking.ref}/"
    assert api.post(address + "check-in/").status_code == 403
    laboratory = client_of(operator)
    said = laboratory.post(address + "check-in/").json()
    assert said["operator"] == operator.name
    assert said["checked_in_at"]
    assert api.get(address).json()["operator"] == operator.name
    taken_back = laboratory.post(address + "check-out/").json()
    assert (taken_back["operator"], taken_back["checked_in_at"]) == ("", None)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_for_one_and_three(api, award, count, django_assert_num_queries):
    SampleFactory.create_batch(count, award=award)
    with django_assert_num_queries(3):
        assert len(api.get("/api/v1/samples/").json()["results"]) == count
