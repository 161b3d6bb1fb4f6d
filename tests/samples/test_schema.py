"""Whatever the API answers about the sample programme is what its OpenAPI description says."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from jsonschema import Draft202012Validator, FormatChecker

from tests.samples.conftest import account

API = "/api/v1/"
ROWS = 5  # of a list, each looked at by itself
CAST = ["", "focalpoint", "operator", "reviewer", "donor", "staff"]
KEYS = {"slug", "ref", "code", "id"}
formats = FormatChecker(formats=())


@formats.checks("date-time", ValueError)
def _says_its_offset(text: Any) -> bool:
    return not isinstance(text, str) or datetime.fromisoformat(text).tzinfo is not None


@formats.checks("uri", ValueError)
def _names_a_place(text: Any) -> bool:
    return not isinstance(text, str) or bool(urlsplit(text).netloc)


@pytest.fixture
def description(programme: None) -> dict[str, Any]:
    return Client().get(f"{API}schema/?format=json").json()


@pytest.mark.parametrize("name", CAST)
def test_answers_are_as_described(name: str, description: dict[str, Any]) -> None:
    client = Client()
    if name:
        client.force_login(account(name))
    seen: Counter[str] = Counter()
    wrong = {
        f"{path}: {fault.json_path}: {fault.message[:100]}"
        for path, operation, address in _reads(client, description["paths"])
        for fault in _faults(client, operation, address, description, seen)
    }
    assert sorted(wrong) == []
    assert seen["200"] > len(CAST)


def _reads(client: Client, paths: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Each address that may be read: its path in the description, its operation, and itself."""
    soon = timezone.now() + timedelta(days=1)
    window = {"from": soon.isoformat(), "to": (soon + timedelta(days=9)).isoformat()}
    for path, operations in paths.items():
        if "get" in operations and path not in (f"{API}schema/", f"{API}docs/"):
            asked = {row["name"]: window.get(row["name"], "") for row in operations["get"].get("parameters", [])}
            query = "&".join(f"{name}={asked[name].replace('+', '%2B')}" for name in window if name in asked)
            for address in _filled(client, path):
                yield path, operations["get"], f"{address}?{query}"


def _filled(client: Client, path: str) -> list[str]:
    """The path itself, or with the keys of the first rows of its list in it."""
    begin, brace, rest = path.partition("{")
    key, _brace, after = rest.partition("}")
    if not brace:
        return [path]
    rows = _rows(client, begin) if "{" not in after else []
    return [f"{begin}{row[key]}{after}" for row in rows if key in KEYS & set(row)]


@cache
def _rows(client: Client, address: str) -> list[dict[str, Any]]:
    answer = client.get(address, {"page_size": ROWS})
    return answer.json().get("results", []) if answer.status_code == 200 else []


def _faults(
    client: Client, operation: dict[str, Any], address: str, description: dict[str, Any], seen: Counter[str]
) -> Iterator[Any]:
    answer = client.get(address)
    status = str(answer.status_code)
    seen[status] += 1
    told = operation["responses"].get(status, operation["responses"]["default"])
    kind = re.split(r"[; ]", answer["Content-Type"])[0]
    assert kind in told["content"], (address, status, kind)
    document = _of_today(told["content"][kind]["schema"] | {"components": description["components"]})
    yield from Draft202012Validator(document, format_checker=formats).iter_errors(answer.json())


def _of_today(node: Any) -> Any:
    """OpenAPI 3.0's `nullable` as JSON Schema says it."""
    if isinstance(node, list):
        return [_of_today(part) for part in node]
    if not isinstance(node, dict):
        return node
    told = {name: _of_today(part) for name, part in node.items() if name != "nullable"}
    return {"anyOf": [told, {"type": "null"}]} if node.get("nullable") is True else told
