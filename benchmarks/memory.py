"""How much memory a worker that serves pages holds after load: gunicorn itself, as production runs it.

Workers are forked from one process that has loaded everything: `VmRSS` counts what they share with it in each of them,
the proportional set size (proc(5), smaps_rollup) counts it once and says what they cost the machine.

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
    """Serve, ask, weigh; return one line a figure."""
    server = serve()
    try:
        for n in range(REQUESTS):
            _ask(n)
        workers = _children(server.pid)
        resident_size = max(map(resident, workers)) / 1024
        own_share = max(map(proportional, workers)) / 1024
        together = sum(map(proportional, [server.pid, *workers])) / 1024
    finally:
        server.terminate()
        server.wait(10)
    return [
        figure("pages worker after load", resident_size, "MB", "at most 110", ok=resident_size <= 110),
        figure("  its share of the machine's memory", own_share, "MB"),
        figure(f"  of {len(workers)} workers and their parent", together, "MB"),
    ]


def serve() -> subprocess.Popen[bytes]:
    """Start gunicorn as the image does; returns once it answers."""
    command = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--worker-class", "gthread", "--workers", "2"]
    command += ["--preload", "--threads", "4", "--bind", f"127.0.0.1:{PORT}", "--log-level", "warning"]
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
    for _ in range(300):
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
    return _of("status", "VmRSS:", pid)


def proportional(pid: int) -> int:
    """Memory in kB, what several processes share counted to each of them in part."""
    return _of("smaps_rollup", "Pss:", pid)


def _of(file: str, name: str, pid: int) -> int:
    for line in Path(f"/proc/{pid}/{file}").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1])
    raise RuntimeError(f"process {pid} is gone")


if __name__ == "__main__":
    for number in itertools.count():
        _ask(number)
