"""A group of programs that live and die together: engines first, then the programs that use them.

The supervisor is the parent of all. It restarts what dies, stops everything when told, and when it is killed itself
the kernel tells its children (see `process.py`).
"""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from .engine import Engine
from .process import EngineError, kill_group, spawn

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds before a restart, doubling
STEADY = 60.0  # seconds after which a program counts as well again
PATIENCE = 3.5  # seconds a program has to end on its own
ENGINES_PATIENCE = 4.0  # seconds the engines have after that, all together
LAST_PATIENCE = 0.4  # seconds for one that is late: with these all is gone within 10 s, however stubborn

Say = Callable[[str], None]


class Stopped(BaseException):  # an order, not an error: no `except Exception` may swallow it
    """Somebody asked the supervisor to stop."""


@dataclass
class Program:
    """One command to keep running. `death_signal` is what ends it at once and cleanly if the supervisor is killed."""

    name: str
    command: Sequence[str | Path]
    death_signal: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None
    pause: float = FIRST_PAUSE
    started: float = field(default=0.0)
    due: float = field(default=0.0)  # when to start it again


class Supervisor:
    """Runs programs with the environment `env`, their output in files under `logs`; `say` tells the person."""

    def __init__(self, *, env: Mapping[str, str], logs: Path, say: Say):
        self.env = env
        self.logs = logs
        self.say = say
        self.engines: list[Engine] = []
        self.programs: list[Program] = []

    def start_engine(self, engine: Engine) -> None:
        """Start or join an engine. Raises EngineError."""
        self.engines.append(engine)
        engine.start()

    def add(self, program: Program) -> None:
        self.programs.append(program)
        self._launch(program)

    def log_of(self, program: Program) -> Path:
        return self.logs / f"{program.name.replace(' ', '-')}.log"

    def watch(self, until: Callable[[], bool] = lambda: False) -> None:
        """Keep everything running until `until` says so; returns when it does."""
        while not until():
            for program in self.programs:
                self._look_after(program)
            for engine in self.engines:
                self._look_after_engine(engine)
            time.sleep(0.5)

    def stop(self) -> None:
        """Ask all programs to end, wait, kill the stubborn; then the same with the engines that they used."""
        for program in reversed(self.programs):
            if program.process is not None and program.process.poll() is None:
                program.process.terminate()
        deadline = time.monotonic() + PATIENCE
        for program in reversed(self.programs):
            if program.process is not None:
                _wait(program.process, deadline)
                kill_group(program.process)
        for engine in reversed(self.engines):
            engine.ask_to_stop()
        deadline = time.monotonic() + ENGINES_PATIENCE
        for engine in reversed(self.engines):
            engine.stop(patience=max(LAST_PATIENCE, deadline - time.monotonic()))

    def _launch(self, program: Program) -> None:
        self.logs.mkdir(parents=True, exist_ok=True)
        program.started = time.monotonic()
        program.process = spawn(
            program.command, log=self.log_of(program), env=self.env, death_signal=program.death_signal
        )

    def _look_after(self, program: Program) -> None:
        now = time.monotonic()
        if program.process is None:
            if now >= program.due:
                self._launch(program)
        elif (code := program.process.poll()) is not None:
            kill_group(program.process)  # what it started itself must not outlive it
            if now - program.started > STEADY:
                program.pause = FIRST_PAUSE
            reason = f"signal {-code}" if code < 0 else f"code {code}"
            self.say(
                f"{program.name} ended ({reason}); again in {program.pause:.0f} s. Its log: {self.log_of(program)}"
            )
            program.process, program.due = None, now + program.pause
            program.pause = min(program.pause * 2, LONGEST_PAUSE)

    def _look_after_engine(self, engine: Engine) -> None:
        if engine.is_owned:
            return
        try:
            if engine.ensure():
                self.say(f"{engine.title} was gone; started again.")
        except EngineError as error:
            self.say(f"{error} Trying again.")
            time.sleep(FIRST_PAUSE)


def _wait(process: subprocess.Popen[bytes], deadline: float) -> None:
    try:
        process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return  # the caller kills it


@contextmanager
def orders() -> Iterator[None]:
    """Turn Ctrl-C, SIGTERM and a closed terminal into `Stopped`; further ones are ignored while stopping."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def obey(number: int, frame: FrameType | None) -> None:
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped

    before = [signal.signal(number, obey) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
