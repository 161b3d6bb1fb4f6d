"""Every error of the API is a problem of one shape."""

import json
from typing import Any

import jsonschema
import pytest
from django.test import Client

from portal.api.problems import MEDIA_TYPE
from tests.api.urls import END, START

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.urls")]

MOMENT = {"type": "string", "format": "date-time"}
SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "errors"],
    "additionalProperties": False,
    "properties": {
        "type": {"const": "about:blank"},
        "title": {"type": "string", "minLength": 3},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "minLength": 3},
        "errors": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["code", "message", "field"],
                "additionalProperties": False,
                "properties": {
                    "code": {"type": "string", "pattern": "^[a-z_]+$"},
                    "message": {"type": "string", "minLength": 3},
                    "field": {"type": ["string", "null"]},
                },
            },
        },
        "alternatives": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["start", "end"],
                "additionalProperties": False,
                "properties": {"start": MOMENT, "end": MOMENT},
            },
        },
    },
}


def problem_of(response: Any, status: int) -> dict[str, Any]:
    """The body, once it is known to be a problem with this status."""
    assert response.status_code == status
    assert response["Content-Type"] == MEDIA_TYPE
    body = json.loads(response.content)
    jsonschema.validate(body, SCHEMA)
    assert body["status"] == status
    return body


def codes(body: dict[str, Any]) -> list[str]:
    return [error["code"] for error in body["errors"]]


def test_a_refusal_carries_every_reason(client: Client) -> None:
    body = problem_of(client.get("/api/v1/raising/refused/"), 422)
    assert codes(body) == ["closed", "short"]
    assert body["detail"] == "The laboratory is closed. Too short."


def test_taken_offers_what_was_free(client: Client) -> None:
    body = problem_of(client.get("/api/v1/raising/taken/"), 409)
    assert codes(body) == ["taken"]
    assert body["alternatives"] == [{"start": "2027-03-22T09:00:00Z", "end": "2027-03-22T11:00:00Z"}]
    assert (START.hour, END.hour) == (9, 11)


@pytest.mark.parametrize(
    ("what", "status", "code"),
    [
        ("forbidden", 403, "forbidden"),
        ("wrong-state", 422, "wrong_state"),
        ("denied", 403, "forbidden"),
        ("throttled", 429, "throttled"),
    ],
)
def test_statuses_and_codes(client: Client, what: str, status: int, code: str) -> None:
    assert codes(problem_of(client.get(f"/api/v1/raising/{what}/"), status)) == [code]


def test_sign_in_is_asked_for_with_its_scheme(client: Client) -> None:
    response = client.get("/api/v1/raising/anonymous/")
    assert codes(problem_of(response, 401)) == ["not_authenticated"]
    assert response["WWW-Authenticate"].startswith("Token")


def test_too_many_requests_say_when_to_come_back(client: Client) -> None:
    assert client.get("/api/v1/raising/throttled/")["Retry-After"] == "30"


def test_model_errors_name_their_field(client: Client) -> None:
    body = problem_of(client.get("/api/v1/raising/model/"), 400)
    assert [(error["field"], error["message"]) for error in body["errors"]] == [("name", "Too long.")]


def test_input_errors_name_the_path_of_their_field(client: Client) -> None:
    data = {"hours": 9, "period": {}, "samples": [{"start": "2027-03-22T09:00:00Z"}, {"start": "soon"}]}
    body = problem_of(client.post("/api/v1/input/", data, content_type="application/json"), 400)
    assert {error["field"] for error in body["errors"]} == {"hours", "period.start", "samples.1.start"}


@pytest.mark.parametrize(("sent", "code"), [("{", "parse_error"), ("[]", "invalid")])
def test_malformed_bodies(client: Client, sent: str, code: str) -> None:
    response = client.post("/api/v1/input/", sent, content_type="application/json")
    assert codes(problem_of(response, 400)) == [code]


def test_a_body_that_is_too_large(client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    body = json.dumps({"slug": "x" * 200})
    response = client.post(
        "/api/v1/techniques/", body, content_type="application/json", headers={"Idempotency-Key": "a"}
    )
    problem_of(response, 413)


def test_wrong_media_types_and_methods(client: Client) -> None:
    assert codes(problem_of(client.post("/api/v1/input/", "x", content_type="text/plain"), 415))
    assert codes(problem_of(client.get("/api/v1/techniques/", headers={"Accept": "text/html"}), 406))
    assert codes(problem_of(client.get("/api/v1/input/"), 405)) == ["method_not_allowed"]


def test_nothing_of_an_unexpected_fault_is_told(client: Client) -> None:
    client.raise_request_exception = False
    response = client.get("/api/v1/raising/fault/")
    assert codes(problem_of(response, 500)) == ["fault"]
    assert b"secret" not in response.content


@pytest.mark.parametrize("path", ["/api/", "/api", "/api/v1/", "/api/v1/nothing/", "/api/v1/techniques/nobody/"])
def test_addresses_that_lead_nowhere(client: Client, path: str) -> None:
    assert codes(problem_of(client.get(path), 404)) == ["not_found"]
    assert client.post("/api/v2/x/").status_code == 404


def test_a_forgotten_slash(client: Client) -> None:
    response = client.get("/api/v1/techniques?page_size=2")
    assert (response.status_code, response["Location"]) == (301, "/api/v1/techniques/?page_size=2")
    assert codes(problem_of(client.post("/api/v1/techniques", {}), 404)) == ["missing_slash"]
