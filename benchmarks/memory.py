"""How much memory a worker that serves pages holds after load: gunicorn itself, as production runs it.

`python -m benchmarks.memory` asks for the pages of such a server without end, as load beside another measure.
"""

import itertools
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from benchmarks.common import figure

PAGES = ["/en/", "/en/calls/", "/en/instruments/", "/fr/", "/en/interest/", "/api/v1/calls/", "/en/accounts/login/"]
REQUESTS = 700
PORT = 18_273


def run() -> list[dict[str, Any]]:
    """Serve, ask, weigh; return one line."""
    server = serve()
    try:
        for n in range(REQUESTS):
            _ask(n)
        megabytes = max(resident(pid) for pid in _children(server.pid)) / 1024
    finally:
        server.terminate()
        server.wait(10)
    return [figure("pages worker after load", megabytes, "MB", "at most 110", ok=megabytes <= 110)]


def serve() -> subprocess.Popen[bytes]:
    """Start gunicorn with one worker; returns once it answers."""
    command = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--worker-class", "gthread", "--workers", "1"]
    command += ["--threads", "4", "--bind", f"127.0.0.1:{PORT}", "--log-level", "warning"]
    environment = os.environ | {
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": f"http://127.0.0.1:{PORT}",
        "LOG_LEVEL": "ERROR",
        "MALLOC_ARENA_MAX": "1",  # as the image has it
    }
    server = subprocess.Popen(command, env=environment)
    try:
        _wait_until_it_answers()
    except RuntimeError:
        server.kill()
        raise
    return server


def _ask(n: int) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{PAGES[n % len(PAGES)]}", timeout=20) as answer:
        answer.read()


def _wait_until_it_answers() -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz/live", timeout=5).close()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("gunicorn did not answer")


def _children(pid: int) -> list[int]:
    """The workers of the server (proc(5), task/<tid>/children)."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def resident(pid: int) -> int:
    """Resident memory in kB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise RuntimeError(f"process {pid} is gone")


if __name__ == "__main__":
    for number in itertools.count():
        _ask(number)
