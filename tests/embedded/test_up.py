"""`manage.py up`: one command brings everything up, one signal takes it down, and so does a kill."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.embedded.conftest import gone, using
from tests.support.environment import free_port
from tests.support.waiting import PATIENCE, quickest, seconds_of, soon, status_at

pytestmark = pytest.mark.fault
OURS = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "MAIL_SINK", "SECRET_KEY", "SITE_URL", "DEMO", "PORT")
READY = 420.0  # seconds: a first start makes the database, which a very busy machine takes minutes for
STOP = 10.0  # seconds within which all of it has to be gone


class Portal:
    """One run of the command on a folder of its own."""

    def __init__(self, var: Path, port: int):
        self.var = var
        self.port = port
        self.screen = var.with_suffix(f".screen-{time.monotonic_ns()}")
        env = {name: value for name, value in os.environ.items() if name not in OURS} | {"VAR_DIR": str(var)}
        command = [sys.executable, "manage.py", "up", "--no-sample", "--port", str(port)]
        with self.screen.open("wb") as screen:
            self.process = subprocess.Popen(
                command, cwd=settings.BASE_DIR, env=env, stdout=screen, stderr=subprocess.STDOUT
            )

    def wait_for(self, words: str) -> None:
        deadline = time.monotonic() + READY
        while words not in self.screen.read_text():
            running = self.process.poll() is None and time.monotonic() < deadline
            assert running, self.screen.read_text()
            time.sleep(0.1)

    def wait_until_ready(self) -> None:
        """Until the pages and the engines behind them answer."""
        soon(lambda: status_at(f"http://127.0.0.1:{self.port}/healthz/ready"), 200, READY)

    def members(self, name: str) -> list[int]:
        """Processes of this portal whose command line holds `name`."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                line, surroundings = (entry / "cmdline").read_bytes(), (entry / "environ").read_bytes()
            except OSError:
                continue
            if name.encode() in line and f"VAR_DIR={self.var}".encode() in surroundings:
                found.append(int(entry.name))
        return found


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """One for all tests here: the first start makes the data, the others find them."""
    with tempfile.TemporaryDirectory(prefix="up-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.fixture(scope="module")
def runs(folder: Path) -> Iterator[list[Portal]]:
    started: list[Portal] = []
    yield started
    if started[-1].process.poll() is None:
        started[-1].process.kill()
    started[-1].process.wait()
    assert gone(folder, within=PATIENCE)


@pytest.fixture
def portal(folder: Path, runs: list[Portal]) -> Portal:
    return at_work(folder, runs)


def at_work(folder: Path, runs: list[Portal]) -> Portal:
    """The one that still runs, else a new one: a start takes seconds."""
    if not runs or runs[-1].process.poll() is not None:
        assert gone(folder, within=PATIENCE)
        runs.append(Portal(folder / "var", free_port()))
        runs[-1].wait_for("The portal is at")
    return runs[-1]


def test_a_taken_port_is_one_sentence(portal, folder):
    second = Portal(folder / "var", portal.port)
    assert second.process.wait(READY) == 1
    said = second.screen.read_text().strip()
    assert said.startswith(f"CommandError: Port {portal.port} cannot be used")
    assert said.count("\n") == 0


def test_it_serves_and_recovers(portal, folder):
    portal.wait_until_ready()
    assert re.search(r"Starting PostgreSQL \.\.\. \d+\.\d s", portal.screen.read_text())

    [pages] = portal.members("uvicorn")
    os.kill(pages, signal.SIGKILL)
    portal.wait_for("pages ended (signal 9); again in 1 s")
    portal.wait_until_ready()
    assert pages not in portal.members("uvicorn")

    os.kill(int((folder / "var" / "postgres" / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    portal.wait_for("PostgreSQL was gone; started again.")
    portal.wait_until_ready()


def test_it_stops_in_time_and_leaves_nothing(folder, runs):
    def stop() -> float:
        portal = at_work(folder, runs)
        portal.wait_until_ready()
        portal.process.send_signal(signal.SIGTERM)
        took = seconds_of(lambda: portal.process.wait(READY))
        assert portal.process.returncode == 0
        assert portal.members("") == []
        assert using(folder) == []
        assert "Stopped." in portal.screen.read_text()
        return took

    assert quickest(stop, STOP) < STOP


def test_nothing_outlives_a_killed_supervisor(portal, folder):
    assert portal.members("celery") != []
    portal.process.kill()
    portal.process.wait()
    soon(lambda: [Path(f"/proc/{pid}/cmdline") for pid in portal.members("")], [])
    assert gone(folder, within=PATIENCE)
