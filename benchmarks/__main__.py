"""`make bench`: every benchmark on engines of its own, a table on the screen, JSON beside it.

`python -m benchmarks pages memory` runs only those named.
"""

import json
import shutil
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.support.environment import RUN  # first: importing it sets Django up on engines of its own

from django.core.management import call_command  # isort: skip
from portal.embedded.postgres import Postgres  # isort: skip
from portal.embedded.valkey import Valkey  # isort: skip

BENCHMARKS = [
    "pages",
    "matching",
    "search",
    "impact",
    "assignment",
    "digests",
    "outbox",
    "memory",
    "growth",
    "release",
    "board",
    "calendar",
    "waitlist",
    "practice",
    "relay",
    "slow_line",
]
RESULTS = Path("bench-results.json")


def main(names: list[str]) -> int:
    """Run the benchmarks named, or all; return 1 when a bar is missed."""
    postgres, valkey = Postgres(RUN / "postgres"), Valkey(RUN / "valkey")
    try:
        postgres.start()
        valkey.start()
        _prepare()
        figures = []
        for name in names or BENCHMARKS:
            print(f"... {name}", flush=True)
            figures += [{"benchmark": name, **line} for line in import_module(f"benchmarks.{name}").run()]
    finally:
        valkey.stop()
        postgres.stop()
        shutil.rmtree(RUN, ignore_errors=True)
    RESULTS.write_text(json.dumps(figures, indent=1) + "\n")
    _print(figures)
    return int(any(line["ok"] is False for line in figures))


def _prepare() -> None:
    """Tables, texts, techniques and static files."""
    call_command("migrate", verbosity=0)
    call_command("compile_messages", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("reference_data", verbosity=0)


def _print(figures: list[dict[str, Any]]) -> None:
    width = max(len(line["name"]) for line in figures)
    for line in figures:
        verdict = {True: "ok", False: "MISSED", None: ""}[line["ok"]]
        print(f"{line['name']:<{width}}  {line['value']:>12,.2f} {line['unit']:<11} {line['bar']:<16} {verdict}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
