"""Engines of a test's own, and a starter in a process that may be killed."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest

from portal.embedded.engine import Engine
from portal.embedded.postgres import Postgres
from tests.support.waiting import PATIENCE

STARTER = Path(__file__).with_name("starter.py")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short folder: pytest's own are too long for sockets, which has a test of its own."""
    with tempfile.TemporaryDirectory(prefix="engines-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.fixture
def started() -> Iterator[Callable[[Engine], Engine]]:
    """Start an engine and stop it after the test."""
    running: list[Engine] = []

    def start(engine: Engine) -> Engine:
        running.append(engine)
        engine.start()
        return engine

    yield start
    for engine in running:
        engine.stop()


@pytest.fixture
def starter(folder: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Start processes that each start or join all three engines under `folder` and then only wait."""
    running: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        env = {**os.environ, "PYTHONPATH": str(STARTER.parents[2])}
        command = [sys.executable, "-P", STARTER, folder]
        running.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env))
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.wait()
        process.stdout.close()
    assert gone(folder, within=PATIENCE), "engines were left running"


def using(folder: Path) -> list[int]:
    """The processes whose command line names `folder`, other than the starters."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if any(str(folder).encode() in word for word in words) and str(STARTER).encode() not in words:
            found.append(int(entry.name))
    return found


def gone(folder: Path, within: float) -> bool:
    deadline = time.monotonic() + within
    while using(folder):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def query(engine: Postgres, sql: str) -> list[tuple]:
    """Run one statement in the engine's database, committed at once."""
    connection = psycopg2.connect(engine.url)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def kill(process: subprocess.Popen[str]) -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
