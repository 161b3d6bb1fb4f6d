"""While PostgreSQL restarts: a calm page that says to try again, and a problem for programs."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.pages.broken_urls")]


@pytest.fixture(autouse=True)
def answers(client: Client) -> Iterator[None]:
    client.raise_request_exception = False
    yield
    connection.close()  # the next test asks for a connection that works


def test_a_cut_connection_answers_503_and_when_to_come_back(client: Client) -> None:
    response = client.get("/cut/")
    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (503, "5", "no-store")
    assert "back in a moment" in response.content.decode()


def test_an_api_says_so_as_a_problem(client: Client) -> None:
    response = client.get("/api/cut/")
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["errors"][0]["code"] == "away"


def test_a_server_that_takes_no_connection_answers_503(client: Client, researcher) -> None:
    client.force_login(researcher)
    connection.close()
    host = connection.settings_dict["HOST"]
    connection.settings_dict["HOST"] = "/nowhere"
    try:
        response = client.get("/en/me/")  # already the session cannot be read
    finally:
        connection.settings_dict["HOST"] = host
    assert (response.status_code, response["Retry-After"]) == (503, "5")


def test_a_statement_that_takes_too_long_stays_a_fault(client: Client) -> None:
    assert client.get("/slow/").status_code == 500
