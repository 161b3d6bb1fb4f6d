"""The API's instruments: what the pages show, read only."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from instruments.actions.reference import write_techniques
from instruments.models import Closure, Instrument, Technique

pytestmark = pytest.mark.django_db
API = "/api/v1/instruments/"


@pytest.fixture
def listed(instrument: Instrument) -> Instrument:
    write_techniques()
    instrument.techniques.set([Technique.objects.get(slug="sem")])
    return instrument


def slugs(response: Any) -> list[str]:
    assert response.status_code == 200
    return [row["slug"] for row in response.json()["results"]]


def test_the_list(client: Client, listed: Instrument) -> None:
    (row,) = client.get(API).json()["results"]
    assert row == {
        "slug": "alpine-diffractometer",
        "name": "Alpine diffractometer",
        "summary": "Single crystals, from 20 micrometres.",
        "organisation": "Alpine Crystallography Laboratory",
        "country": "FR",
        "place": "Grenoble",
        "time_zone": "Europe/Paris",
        "access_mode": "remote_control",
        "techniques": ["sem"],
        "state": "listed",
        "url": f"http://testserver{API}alpine-diffractometer/",
    }


def test_one_in_french_with_its_hours(client: Client, listed: Instrument) -> None:
    start = timezone.now() + timedelta(days=1)
    Closure.objects.create(instrument=listed, period=(start, start + timedelta(hours=2)), reason="Service")
    row = client.get(f"{API}{listed.slug}/", headers={"accept-language": "fr"}).json()
    assert row["name"] == "Alpine diffractometer (fr)"
    assert row["opening_hours"][0] == {"weekday": 0, "opens": "09:00", "closes": "17:00"}
    assert row["policy"]["longest"] == 480
    assert row["units"] == ["Unit 1"]
    assert [(closure["reason"], closure["unit"]) for closure in row["closures"]] == [("Service", None)]
    assert "link" not in row


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("technique=microscopy", 1),
        ("technique=sem", 1),
        ("technique=nmr", 0),
        ("country=fr", 1),
        ("country=KE", 0),
        ("q=alpine", 1),
        ("q=absent", 0),
        ("q=%00", 400),
        ("q=" + "x" * 201, 400),
    ],
)
def test_filters(query: str, count: int, client: Client, listed: Instrument) -> None:
    response = client.get(f"{API}?{query}")
    if count == 400:
        assert response.status_code == 400
        assert response["Content-Type"] == "application/problem+json"
    else:
        assert len(slugs(response)) == count


@pytest.mark.parametrize("state", ["draft", "proposed", "returned", "refused", "retired"])
@pytest.mark.parametrize("who", ["visitor", "operator", "staff"])
def test_only_the_public_ones(
    state: str, who: str, client: Client, listed: Instrument, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(who)
    if person.is_authenticated:
        client.force_login(person)
    Instrument.objects.update(state=state)
    assert slugs(client.get(API)) == []
    assert client.get(f"{API}{listed.slug}/").status_code == 404


def test_nothing_is_written_here(client: Client, listed: Instrument, staff: Any) -> None:
    client.force_login(staff)
    for method in (client.post, client.put, client.patch, client.delete):
        assert method(f"{API}{listed.slug}/", {}, content_type="application/json").status_code in (403, 405)
    assert Instrument.objects.count() == 1


def test_unchanged_is_304(client: Client, listed: Instrument) -> None:
    for url in (API, f"{API}{listed.slug}/"):
        tag = client.get(url)["ETag"]
        assert client.get(url, headers={"if-none-match": tag}).status_code == 304
    Instrument.objects.update(place="Lyon")
    assert client.get(API, headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_queries(
    number: int, client: Client, listed: Instrument, django_assert_num_queries: Any
) -> None:
    for place in range(number - 1):
        copy = Instrument.objects.create(
            slug=f"copy-{place}", name="Copy", organisation=listed.organisation, state="listed", place="Lyon",
            time_zone="Europe/Paris",
        )  # fmt: skip
        copy.techniques.set(listed.techniques.all())
    with django_assert_num_queries(2):
        assert len(slugs(client.get(API))) == number
