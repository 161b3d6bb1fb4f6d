"""Real PostgreSQL and Valkey for a test run, as a pytest plugin.

The process that the person started (with xdist: the controller) starts the engines, and a child that migrates one
database while the tests are being collected. Every pytest process gets a Valkey database and a database of its own,
the latter cloned from the migrated one.
"""

import fcntl
import os
import shutil
import sys
from pathlib import Path
from subprocess import Popen

import pytest
from django.core.management import call_command

from portal.embedded.postgres import UNSAFE_AND_FAST, Postgres
from portal.embedded.process import kill_group, spawn
from portal.embedded.valkey import Valkey
from tests.support.environment import IS_STARTER, RUN

postgres = Postgres(RUN / "postgres", options=UNSAFE_AND_FAST)
valkey = Valkey(RUN / "valkey", durable=False)
MIGRATING = RUN / "migrating.log"  # locked while the child runs, in which it then says what it came to
DONE = "Migrated.\n"
# Without the search for garbage: among the many models that migrations make it takes as long as all else.
MIGRATE = f"""
import gc
gc.disable()
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "migrate", "--skip-checks", "--verbosity=0", "--noinput"])
print({DONE!r}, end="")
"""
migrating: list[Popen[bytes]] = []


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Before xdist starts its workers: start the engines, and migrate the database that all clone."""
    if not IS_STARTER or session.config.option.collectonly:
        return
    postgres.start()
    valkey.start()
    migrating.append(begin_migrating())
    call_command("compile_messages", verbosity=0)


def begin_migrating() -> Popen[bytes]:
    """In a child that holds the lock of its log for as long as it lives, however it ends."""
    with MIGRATING.open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        env = {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings", "PYTHONPATH": str(Path(__file__).parents[2])}
        return spawn([sys.executable, "-c", MIGRATE], log=MIGRATING, env=env, pass_fds=[lock.fileno()])


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Where pytest-django lets databases be prepared: wait for the one that is cloned. Fails when migrating failed."""
    with MIGRATING.open("rb") as log:
        fcntl.flock(log, fcntl.LOCK_SH)
    said = MIGRATING.read_text(errors="replace")
    assert DONE in said, f"the database could not be migrated: {said}"


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    if IS_STARTER:
        for child in migrating:
            kill_group(child)
        valkey.stop()
        postgres.stop()
        shutil.rmtree(RUN, ignore_errors=True)
        for engine in (postgres, valkey):
            shutil.rmtree(engine.sockets, ignore_errors=True)
