"""The pages as production serves them: gunicorn, hashed and compressed static files, a process of their own.

`WholeServer` has the relay beside them on the same port, as the demo does, for the journeys of live sessions.
"""

import os
import sys
import time
from pathlib import Path
from subprocess import Popen, run

from django.db import connection

from portal.embedded.addresses import database_url, socket_folder
from portal.embedded.process import end, spawn
from tests.support.engines import postgres
from tests.support.environment import RUN, WORKER, free_port
from tests.support.practice import Practice
from tests.support.relay import ROOT, RelayServer
from tests.support.waiting import status_at

READY = 60.0  # seconds the pages may take to come up
# What no page under test asks for; compressing it would take half a minute.
LEFT_OUT = ("admin", "drf_spectacular_sidecar", "modeltranslation")
# What the browser complains of where no relay stands beside the pages: a session's page then asks every few seconds
# instead, and now and then for a ticket when the session has just ended.
NO_RELAY = ("WebSocket connection to ", "WebSocket on-error event", "closed (code: 1006", "/ticket/: 409")


class PagesServer:
    """Pages on this pytest worker's database and cache; `url` has no slash at its end."""

    misses = NO_RELAY  # what may go wrong in every visit

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = RUN / f"pages-{WORKER or 'main'}"
        self.log = self.folder / "pages.log"
        self.process: Popen[bytes] | None = None

    def start(self) -> None:
        """Collect the static files and serve; returns once the portal answers."""
        self.folder.mkdir(parents=True)
        collect_static(self._environment())
        serve = ["--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread", "--threads", "4"]
        command = [sys.executable, "-m", "gunicorn", "portal.wsgi:application", *serve, "--log-level", "warning"]
        self.process = spawn(command, log=self.log, env=self._environment())
        deadline = time.monotonic() + READY
        while not self._answers():
            assert self.process.poll() is None, self.log.read_text(errors="replace")
            assert time.monotonic() < deadline, f"the pages did not come up: {self.log.read_text(errors='replace')}"
            time.sleep(0.1)

    def stop(self) -> None:
        if self.process is not None:
            end(self.process, patience=5)

    def settle(self) -> None:
        """Pages write nothing once they have answered."""

    def _environment(self) -> dict[str, str]:
        database = database_url(postgres.sockets, connection.settings_dict["NAME"])
        own = {"DATABASE_URL": database, "SITE_URL": self.url, "VAR_DIR": str(self.folder)}
        return {**os.environ, **own, "DJANGO_SETTINGS_MODULE": "portal.settings"}

    def _answers(self) -> bool:
        return status_at(f"{self.url}/healthz/live") == 200


class WholeServer(RelayServer):
    """Pages and relay on one port; the practice instrument's address lies in its folder."""

    misses: tuple[str, ...] = ("/ticket/: 409",)  # asked for in the very moment in which the session ends

    def __init__(self) -> None:
        super().__init__("whole", "portal.asgi:application")
        self.practice = f"unix:{socket_folder(self.folder) / 'rfb.sock'}"
        self.env = {"VAR_DIR": str(self.folder), "PRACTICE_ADDRESS": self.practice}

    def prepare(self) -> None:
        """Collect the static files: once, however often it is started."""
        self.folder.mkdir(parents=True)
        collect_static(self._environment())

    def instrument(self) -> Practice:
        """The practice instrument that belongs to it, not yet started."""
        return Practice(self.practice, self.folder / "practice.log", self._environment())


def collect_static(environment: dict[str, str]) -> None:
    """Into a folder that all servers of this pytest process share: compressing takes its time."""
    shared, own = RUN / f"static-{WORKER or 'main'}", Path(environment["VAR_DIR"]) / "static"
    is_done = shared.exists()
    shared.mkdir(exist_ok=True)
    own.symlink_to(shared)
    if is_done:
        return
    left_out = [word for name in LEFT_OUT for word in ("--ignore", name)]
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", *left_out]
    done = run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
