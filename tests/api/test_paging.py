"""Cursors lead through a list once, whatever comes in between; invented ones are told so."""

from base64 import b64encode
from urllib.parse import urlencode

import pytest
from django.test import Client

from instruments.models import Technique
from tests.api.test_problems import codes, problem_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.urls")]


def test_pages_follow_each_other_without_gap_or_repetition(client: Client) -> None:
    for number in range(5):
        Technique.objects.create(slug=f"t{number}", name=str(number), path=f"t{number}")
    first = client.get("/api/v1/techniques/?page_size=2").json()
    Technique.objects.create(slug="new", name="new", path="new")
    second = client.get(first["next"]).json()
    third = client.get(second["next"]).json()
    seen = [row["slug"] for page in (first, second, third) for row in page["results"]]
    assert seen == ["t4", "t3", "t2", "t1", "t0"]
    assert third["next"] is None


def cursor(**parts: object) -> str:
    return b64encode(urlencode(parts).encode()).decode()


@pytest.mark.parametrize(
    "invented",
    [
        "nonsense",
        "é",
        cursor(p="abc"),
        cursor(p="9" * 40),
        cursor(p="1\x00"),
        cursor(o="-1"),
        cursor(p="1' OR 1"),
        "\x00",
        "A" * 5000,
        "zz zz",
        cursor(x="1"),
    ],
)
def test_an_invented_cursor_is_refused(client: Client, invented: str) -> None:
    response = client.get("/api/v1/techniques/", {"cursor": invented})
    assert codes(problem_of(response, 400)) == ["unknown_cursor"]


@pytest.mark.parametrize("size", ["0", "-1", "x", "", "201", "100000", "²", "9" * 5000])
def test_page_sizes_out_of_bounds_are_refused_with_the_bounds(client: Client, size: str) -> None:
    problem = problem_of(client.get("/api/v1/techniques/", {"page_size": size}), 400)
    assert problem["errors"] == [
        {"code": "page_size", "message": "Ask for 1 to 200 rows a page.", "field": "page_size"}
    ]


@pytest.mark.parametrize("size", ["1", "200"])
def test_page_sizes_within_the_bounds_are_kept(client: Client, size: str) -> None:
    assert client.get("/api/v1/techniques/", {"page_size": size}).status_code == 200


def test_the_schema_tells_the_bounds(client: Client) -> None:
    schema = client.get("/api/v1/schema/?format=json").json()
    (size,) = [row for row in schema["paths"]["/api/v1/techniques/"]["get"]["parameters"] if row["name"] == "page_size"]
    assert size["schema"] == {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}
