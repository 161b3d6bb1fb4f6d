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
    ["nonsense", "é", cursor(p="abc"), cursor(p="9" * 40), cursor(p="1\x00"), cursor(o="-1"), cursor(p="1' OR 1")],
)
def test_an_invented_cursor_is_refused(client: Client, invented: str) -> None:
    response = client.get("/api/v1/techniques/", {"cursor": invented})
    assert codes(problem_of(response, 400)) == ["unknown_cursor"]


@pytest.mark.parametrize("size", ["0", "-1", "x", "100000"])
def test_page_sizes_out_of_bounds_are_kept_in_them(client: Client, size: str) -> None:
    assert client.get("/api/v1/techniques/", {"page_size": size}).status_code == 200
