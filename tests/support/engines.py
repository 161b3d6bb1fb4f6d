"""Real PostgreSQL and Valkey for a test run, as a pytest plugin.

The process that the person started (with xdist: the controller) starts the engines; every xdist worker gets a Valkey
database and a database of its own, the latter cloned from one that was migrated once.
"""

import os
import shutil

import pytest
from django.core.management import call_command
from django.db import connections
from pytest_django.plugin import blocking_manager_key

from portal.embedded.postgres import UNSAFE_AND_FAST, Postgres
from portal.embedded.valkey import Valkey
from tests.support.environment import IS_STARTER, RUN

postgres = Postgres(RUN / "postgres", options=UNSAFE_AND_FAST)
valkey = Valkey(RUN / "valkey", durable=False)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Before xdist starts its workers: start the engines and migrate the database that the workers clone."""
    if not IS_STARTER or session.config.option.collectonly:
        return
    postgres.start()
    valkey.start()
    call_command("compile_messages", verbosity=0)
    if session.config.getoption("numprocesses", None):
        with session.config.stash[blocking_manager_key].unblock():
            call_command("migrate", verbosity=0, interactive=False)
        connections.close_all()  # a database in use cannot be cloned
        os.environ["TEST_DATABASE_TEMPLATE"] = "portal"


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    if IS_STARTER:
        valkey.stop()
        postgres.stop()
        shutil.rmtree(RUN, ignore_errors=True)
        for engine in (postgres, valkey):
            shutil.rmtree(engine.sockets, ignore_errors=True)
