"""The connector as a laboratory runs it: the packed file in a process of its own, by a bare Python."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess, Popen, run

from bookings.desktop.packing import program
from portal.embedded.process import end, kill_group, spawn
from tests.support.relay import RelayServer
from tests.support.waiting import PATIENCE

READY = 60.0  # seconds for the program to come up and to say what a test waits for


class Laboratory:
    """A folder on a PC with the program, its configuration and its log."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.program, self.config, self.log = (folder / name for name in (program().name, "connector.ini", "log"))
        self.program.write_bytes(program().data)
        self._process: Popen[bytes] | None = None

    def command(self, *arguments: str, given: str = "") -> CompletedProcess[str]:
        """Run one command to its end; no library of ours is in its reach."""
        return run(
            self._words(*arguments),
            input=given,
            env=self._environment(),
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def configure(self, server: str, token: str, port: int) -> None:
        """As pairing would leave it."""
        self.config.write_text(f"[portal]\nserver = {server}\ntoken = {token}\n[vnc]\nserver = 127.0.0.1:{port}\n")

    def start(self, relay: RelayServer | None = None) -> "Laboratory":
        """Run it; with a relay, until it is connected."""
        self._process = spawn(self._words("run"), log=self.log, env=self._environment())
        if relay is not None:
            self.wait_for("connected, as")
        return self

    def wait_for(self, words: str, times: int = 1) -> str:
        """The log, once it says so; fails when it does not."""
        return self.wait(lambda: self.said().count(words) >= times)

    def wait(self, question: Callable[[], bool]) -> str:
        deadline = time.monotonic() + READY
        while not question():
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)
        return self.said()

    def said(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def stop(self) -> None:
        if self._process is not None:
            end(self._process, signal.SIGTERM, patience=PATIENCE)
            self._process = None

    def kill(self) -> None:
        """Kill -9, as a power cut would."""
        assert self._process is not None, "the connector was not started"
        kill_group(self._process)
        self._process = None

    def _words(self, *arguments: str) -> list[str]:
        return [sys.executable, "-I", "-S", str(self.program), *arguments]

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"]}
