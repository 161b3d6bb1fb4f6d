"""The schema is whole."""

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
