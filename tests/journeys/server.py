"""The pages as production serves them: gunicorn, hashed and compressed static files, a process of their own."""

import os
import sys
import time
from pathlib import Path
from subprocess import Popen, run
from urllib.error import URLError
from urllib.request import urlopen

from django.db import connection

from portal.embedded.addresses import database_url
from portal.embedded.process import end, spawn
from tests.support.engines import postgres
from tests.support.environment import RUN, WORKER, free_port

READY = 60.0  # seconds the pages may take to come up
# What no page under test asks for; compressing it would take half a minute.
LEFT_OUT = ("admin", "drf_spectacular_sidecar", "modeltranslation")


class PagesServer:
    """Pages on this pytest worker's database and cache; `url` has no slash at its end."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = RUN / f"pages-{WORKER or 'main'}"
        self.log = self.folder / "pages.log"
        self.process: Popen[bytes] | None = None

    def start(self) -> None:
        """Collect the static files and serve; returns once the portal answers."""
        self.folder.mkdir(parents=True)
        left_out = [word for name in LEFT_OUT for word in ("--ignore", name)]
        self._manage("collectstatic", "--noinput", *left_out)
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

    def _environment(self) -> dict[str, str]:
        database = database_url(postgres.sockets, connection.settings_dict["NAME"])
        own = {"DATABASE_URL": database, "SITE_URL": self.url, "VAR_DIR": str(self.folder)}
        return {**os.environ, **own, "DJANGO_SETTINGS_MODULE": "portal.settings"}

    def _manage(self, *command: str) -> None:
        root = Path(__file__).parents[2]
        done = run(
            [sys.executable, "manage.py", *command],
            cwd=root,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/healthz/live", timeout=5) as answer:
                return answer.status == 200
        except (URLError, OSError):
            return False
