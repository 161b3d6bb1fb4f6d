"""How long the best assignment of 2,000 offers to 2,000 needs takes, and how much memory, on one core.

Once as the rows are, over all categories, from the tables to the kept run; once with everything in one category, so
that four million pairs are looked at in one piece, from the facts in memory to the answer. The bar is held to time on
the processor, which other work on the machine does not stretch; the clock's time is told.
"""

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import replace
from typing import Any

from benchmarks.common import figure

NEEDS = OFFERS = 2_000
SECONDS, MEGABYTES = 10, 500


def run() -> list[dict[str, Any]]:
    """Fill, match in two processes, weigh; return the lines."""
    from django.core.management import call_command

    call_command("bulk_data", needs=NEEDS, offers=OFFERS, force=True, verbosity=0)
    spread, one = _measured("spread"), _measured("one")
    bars = f"under {SECONDS}", f"under {MEGABYTES}"
    return [
        figure("2,000 needs x 2,000 offers matched", spread["cpu"], "s", bars[0], ok=spread["cpu"] < SECONDS),
        figure("  by the clock, on this machine now", spread["seconds"], "s"),
        figure("  memory of the process", spread["megabytes"], "MB", bars[1], ok=spread["megabytes"] < MEGABYTES),
        figure("  pairs found", spread["pairs"], "pairs"),
        figure("  near misses told", spread["near"], "pairs"),
        figure("2,000 x 2,000 of one category", one["cpu"], "s", bars[0], ok=one["cpu"] < SECONDS),
        figure("  memory of the process", one["megabytes"], "MB", bars[1], ok=one["megabytes"] < MEGABYTES),
        figure("  pairs found", one["pairs"], "pairs"),
    ]


def _measured(what: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.assignment", what]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=os.environ, timeout=600)
    measured: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return measured


def _match(what: str) -> None:
    """In the process that is weighed: on one core, with nothing loaded but what the worker has."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    deed = _kept_run if what == "spread" else _one_category()
    started, cpu = time.monotonic(), time.process_time()
    found = deed()
    told = {
        "seconds": time.monotonic() - started,
        "cpu": time.process_time() - cpu,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "pairs": len(found.pairs),
        "near": len(found.near),
    }
    print(json.dumps(told))


def _kept_run() -> Any:
    from donations.actions.matching import run_matching

    kept = run_matching()
    if kept.trouble:
        raise RuntimeError(kept.trouble)
    return kept


def _one_category() -> Any:
    from django.utils import timezone

    from donations.matching.facts import read
    from donations.matching.find import find_among
    from donations.models import Need, Offer

    facts = read(timezone.now().date(), Need.objects.open(), Offer.objects.open())
    for offer in facts.offers:
        offer.category = 1
    for need in facts.needs:
        need.category, need.wishes = 1, {}  # no offer states features of all the categories that were
    return lambda: find_among(replace(facts, last=frozenset()))


if __name__ == "__main__":
    _match(sys.argv[1])
