"""The practice instrument as a program of its own: `manage.py practice`."""

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from signal import SIGTERM
from subprocess import Popen

from portal.embedded.process import end, spawn

READY = 60.0  # seconds the program may take to come up


class Practice:
    """Listens at `address`, a `host:port` or `unix:/path`; `env` overrides what settings read."""

    def __init__(self, address: str, log: Path, env: Mapping[str, str]) -> None:
        self.address, self.log = address, log
        self.env = {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings", **env, "PRACTICE_ADDRESS": address}
        self._process: Popen[bytes] | None = None

    def start(self) -> "Practice":
        """Returns once it listens."""
        self._process = spawn([sys.executable, "manage.py", "practice"], log=self.log, env=self.env)
        deadline = time.monotonic() + READY
        while "answers at" not in self.log.read_text():
            assert self._process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)
        return self

    def stop(self) -> None:
        if self._process is not None:
            end(self._process, SIGTERM, patience=5)
            self._process = None
