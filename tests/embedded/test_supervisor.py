"""The supervisor keeps its word about time whatever its children do."""

import signal
import sys
import time
from pathlib import Path

import pytest

from portal.embedded.engine import Engine
from portal.embedded.supervisor import Program, Supervisor
from tests.support.waiting import soon

STOP = 10.0  # seconds within which all of it has to be gone
DEAF = """
import signal, sys, time, pathlib
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
    signal.signal(number, signal.SIG_IGN)
pathlib.Path(sys.argv[1]).touch()
time.sleep(600)
"""


def deaf(sign: Path) -> list[str | Path]:
    """A command that hears no sign to end, and makes the file `sign` once it is deaf."""
    return [sys.executable, "-c", DEAF, sign]


class DeafEngine(Engine):
    """As patient as PostgreSQL is asked to be: it gets two signs."""

    stop_signals = (signal.SIGINT, signal.SIGQUIT)

    def command(self) -> list[str | Path]:
        return deaf(self.folder / "deaf")

    def answers(self) -> bool:
        return (self.folder / "deaf").exists()


@pytest.fixture
def supervisor(tmp_path: Path) -> Supervisor:
    return Supervisor(env={}, logs=tmp_path / "log", say=print)


def test_those_who_hear_no_sign_are_gone_in_time(supervisor: Supervisor, tmp_path: Path) -> None:
    for number in range(3):
        supervisor.start_engine(DeafEngine(tmp_path / f"engine{number}"))
        supervisor.add(Program(f"program {number}", deaf(tmp_path / f"deaf{number}")))
    soon(lambda: len(list(tmp_path.glob("deaf*"))), 3)
    children = [each.process for each in (*supervisor.engines, *supervisor.programs)]
    started = time.monotonic()
    supervisor.stop()
    assert time.monotonic() - started < STOP
    assert [child.poll() for child in children if child is not None] == [-signal.SIGKILL] * 6
