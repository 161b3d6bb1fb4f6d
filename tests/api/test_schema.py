"""The schema is whole."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_schema_is_openapi_3(client: Client) -> None:
    response = client.get("/api/v1/schema/")
    assert yaml.safe_load(response.content)["openapi"].startswith("3.")
    assert client.get("/api/v1/schema/?format=json").json()["info"]["version"] == "1"
    again = client.get("/api/v1/schema/", headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304


def test_every_path_of_the_schema_ends_in_a_slash(client: Client) -> None:
    paths = client.get("/api/v1/schema/?format=json").json()["paths"]
    assert paths
    assert all(path.startswith("/api/v1/") and path.endswith("/") for path in paths)


def test_every_parameter_of_a_path_stands_in_it(client: Client) -> None:
    paths = client.get("/api/v1/schema/?format=json").json()["paths"]
    for path, operations in paths.items():
        for operation in operations.values():
            named = {row["name"] for row in operation.get("parameters", []) if row["in"] == "path"}
            assert named == set(re.findall(r"{(\w+)}", path)), (path, operation["operationId"])


def test_what_is_taken_for_granted_may_be_sent(client: Client) -> None:
    """A default that its own pattern forbids makes the schema invalid."""
    schemas = client.get("/api/v1/schema/?format=json").json()["components"]["schemas"]
    granted = [part for part in _parts(schemas) if "pattern" in part and "default" in part]
    assert [part for part in granted if not re.search(part["pattern"], part["default"])] == []


def _parts(node: Any) -> Iterator[dict[str, Any]]:
    """Every mapping in `node`, however deep."""
    if isinstance(node, dict):
        yield node
    if isinstance(node, dict | list):
        for value in node.values() if isinstance(node, dict) else node:
            yield from _parts(value)


def test_the_schema_is_made_without_a_warning(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))
    assert "Warning" not in capsys.readouterr().err


def test_errors_are_in_the_schema(client: Client) -> None:
    schema = client.get("/api/v1/schema/?format=json").json()
    assert {"type", "title", "status", "detail", "errors"} <= set(
        schema["components"]["schemas"]["Problem"]["properties"]
    )
    for path in schema["paths"].values():
        for operation in path.values():
            content = operation["responses"]["default"]["content"]
            assert content["application/problem+json"]["schema"]["$ref"].endswith("/Problem")
