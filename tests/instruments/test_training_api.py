"""Trainings, wishes and certificates by the API: the same rows and refusals as on the pages."""

from typing import Any

import pytest
from django.test import Client

from instruments.models import Instrument, TrainingWish
from portal.accounts.models import User
from tests.factories.instruments import InstrumentFactory
from tests.factories.trainings import CertificateFactory, TrainingFactory, TrainingPlaceFactory, TrainingWishFactory

pytestmark = pytest.mark.django_db
API = "/api/v1"


def test_a_place_asked_for_and_given_back(client: Client, instrument: Instrument, researcher: User) -> None:
    training = TrainingFactory(instrument=instrument)
    url = f"{API}/trainings/{training.ref}/"
    assert client.post(f"{url}ask/").status_code in (401, 403)
    seen = client.get(url).json()
    assert (seen["instrument"], seen["free"], seen["own_place"], seen["link"]) == (instrument.slug, 2, None, "")
    client.force_login(researcher)
    assert client.post(f"{url}ask/").json()["own_place"] == "requested"
    training.places.update(state="given")
    seen = client.get(url).json()
    assert (seen["own_place"], seen["link"], seen["free"]) == ("given", training.link, 1)
    assert client.post(f"{url}withdraw/").json()["own_place"] == "withdrawn"
    training.state = "cancelled"
    training.save()
    answer = client.post(f"{url}ask/")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "not_open")


def test_drafts_are_the_laboratorys(client: Client, operator: User, researcher: User, instrument: Instrument) -> None:
    draft = TrainingFactory(instrument=instrument, state="draft")
    for person, status in ((operator, 200), (researcher, 404)):
        client.force_login(person)
        assert client.get(f"{API}/trainings/{draft.ref}/").status_code == status


def test_wishes_are_ones_own(client: Client, instrument: Instrument, researcher: User) -> None:
    other = TrainingWishFactory(instrument=instrument)
    hidden = InstrumentFactory(state="draft")
    client.force_login(researcher)
    url = f"{API}/training-wishes/"
    answer = client.post(url, {"instrument": instrument.slug, "note": "Spring"}, "application/json")
    assert answer.status_code == 201
    assert [row["id"] for row in client.get(url).json()["results"]] == [answer.json()["id"]]
    for wrong in ({"instrument": hidden.slug}, {"instrument": instrument.slug, "note": "x" * 301}, {}):
        assert client.post(url, wrong, "application/json").status_code == 400
    assert client.delete(f"{url}{other.pk}/").status_code == 404
    assert client.delete(f"{url}{answer.json()['id']}/").status_code == 204
    assert TrainingWish.objects.waiting().count() == 1


def test_certificates(client: Client, instrument: Instrument, researcher: User, donor: User) -> None:
    own = CertificateFactory(instrument=instrument, person=researcher)
    url = f"{API}/certificates/"
    assert client.get(url).status_code in (401, 403)
    seen = client.get(f"{url}{own.code}/").json()
    assert (seen["name"], seen["standing"], seen["instrument"]) == (own.name, "valid", instrument.slug)
    assert researcher.email not in str(seen)
    for person, codes in ((researcher, [own.code]), (donor, [])):
        client.force_login(person)
        assert [row["code"] for row in client.get(url).json()["results"]] == codes


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_the_same_whatever_their_length(
    client: Client, instrument: Instrument, researcher: User, count: int, django_assert_num_queries: Any
) -> None:
    for _ in range(count):
        TrainingPlaceFactory(training__instrument=instrument, user=researcher)
        CertificateFactory(instrument=instrument, person=researcher)
        TrainingWishFactory(user=researcher)
    client.force_login(researcher)
    for path, expected in (("trainings", 4), ("certificates", 3), ("training-wishes", 3)):
        with django_assert_num_queries(expected):
            client.get(f"{API}/{path}/")
