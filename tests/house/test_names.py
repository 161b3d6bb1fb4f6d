"""Names that hold rooms together: a wrong one would fail in silence, or only in production."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import current_app
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.migrations import RunPython, RunSQL
from django.db.migrations.loader import MigrationLoader

from portal.api.idempotency import IdempotentPosts
from portal.celery import app
from portal.urls import router
from tests.house.urls import routes

ROOMS = ("portal", "instruments", "calls", "bookings", "donations")
# The address that ORCID knows carries no language; it has allauth's name so that allauth's links lead to it.
NAMED_TWICE = {"orcid_callback"}


def sources() -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted((settings.BASE_DIR / room).rglob("*.py"))


def tasks_asked_for() -> list[tuple[str, ast.expr]]:
    """(place, first argument) of every `later(...)` in the code."""
    found: list[tuple[str, ast.expr]] = []
    for path in sources():
        calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
        asked = [call for call in calls if getattr(call.func, "id", getattr(call.func, "attr", "")) == "later"]
        found += [(f"{path.relative_to(settings.BASE_DIR)}:{call.lineno}", call.args[0]) for call in asked]
    return found


@pytest.fixture(scope="module")
def registered() -> set[str]:
    current_app.loader.import_default_modules()
    return set(current_app.tasks)


def test_every_task_asked_for_by_name_exists(registered: set[str]) -> None:
    asked = tasks_asked_for()
    assert asked
    variable = [place for place, name in asked if not isinstance(name, ast.Constant)]
    assert not variable, "later() takes the task's name as a literal, or nobody can check it"
    unknown = [(place, name.value) for place, name in asked if name.value not in registered]
    assert not unknown


def test_every_periodic_task_exists(registered: set[str]) -> None:
    assert not {entry["task"] for entry in app.conf.beat_schedule.values()} - registered


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.split(".")[0] in ROOMS]


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)
def test_every_row_can_name_itself(model: type[models.Model]) -> None:
    assert model.__str__ is not models.Model.__str__


def own_migrations() -> list[tuple[str, str]]:
    labels = {config.label for config in apps.get_app_configs() if config.name.split(".")[0] in ROOMS}
    return sorted(key for key in MigrationLoader(None).disk_migrations if key[0] in labels)


@pytest.mark.parametrize("key", own_migrations(), ids="-".join)
def test_migrations_are_named_and_can_be_undone(key: tuple[str, str]) -> None:
    migration = MigrationLoader(None).disk_migrations[key]
    assert "_auto_" not in key[1]
    one_way = [deed for deed in migration.operations if isinstance(deed, RunPython | RunSQL) and not deed.reversible]
    assert not one_way


def test_every_address_has_a_name_of_its_own() -> None:
    counted = Counter(route.name for route in routes() if not route.name.startswith("admin:"))
    assert {name for name, number in counted.items() if number > 1 and name} <= NAMED_TWICE


def test_every_address_ends_in_a_slash_or_is_a_file() -> None:
    own = [route for route in routes() if not route.name.startswith("admin:") and route.name]
    assert len(own) > 30
    bare = [str(route) for route in own if not route.pattern.rstrip("$\\Z").endswith("/")]
    file = re.compile(r"\.(txt|xml|ico|atom|ics|pdf|csv|<slug:suffix>)\)$")
    assert not [name for name in bare if not file.search(name)]


def test_every_api_that_takes_posts_honours_idempotency_keys() -> None:
    def takes_posts(viewset: type) -> bool:
        return hasattr(viewset, "create") or any("post" in deed.mapping for deed in viewset.get_extra_actions())

    posted = [viewset for _prefix, viewset, _name in router.registry if takes_posts(viewset)]
    assert posted
    assert [viewset.__name__ for viewset in posted if not issubclass(viewset, IdempotentPosts)] == []
