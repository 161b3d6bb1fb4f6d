"""Shipments in the API: what pages show, without addresses; tracking by programs."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from tests.factories.donations import AcceptedMatchFactory, ShipmentFactory

pytestmark = pytest.mark.django_db

LIST = "/api/v1/donations/shipments/"


def client_of(user) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


def test_both_sides_read_it_and_nobody_else(sent, match, receiver, stranger_focal_point):
    for user in (sent.donor, receiver):
        answer = client_of(user).get(f"{LIST}{sent.ref}/")
        assert answer.json()["places"] == [{"match": match.ref, "quantity": 3, "is_open": True}]
        assert sent.pick_up not in answer.content.decode()
    assert client_of(stranger_focal_point).get(f"{LIST}{sent.ref}/").status_code == 404
    assert APIClient().get(LIST).status_code in (401, 403)


def test_a_program_says_where_it_was_seen(sent, receiver, stranger_focal_point):
    client, address = client_of(receiver), f"{LIST}{sent.ref}/track/"
    seen = {"at": (timezone.now() - timedelta(hours=1)).isoformat(), "place": "Lomé", "words": "Unloaded"}
    answer = client.post(address, seen, format="json")
    assert (answer.status_code, answer.json()["events"][0]["words"]) == (201, "Unloaded")
    assert client.post(address, seen, format="json").status_code == 200
    assert client.post(address, seen | {"words": ""}, format="json").status_code == 400
    assert client.post(address, seen | {"at": "2999-01-01T00:00:00Z"}, format="json").status_code == 422
    assert client_of(stranger_focal_point).post(address, seen, format="json").status_code == 404
    assert sent.events.count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_statements_for_one_and_three(staff, count, django_assert_num_queries):
    for _number in range(count):
        match = AcceptedMatchFactory()
        ShipmentFactory(match=match, places=[match])
    client = client_of(staff)
    with django_assert_num_queries(6):
        assert len(client.get(LIST).json()["results"]) == count
