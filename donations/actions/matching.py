"""Have the matcher look for what fits: asked for by staff, carried out by a worker, and once a day by itself.

A run is a row before it is work: a broker that forgets, or a worker that dies, loses none. The clock finds it.
"""

import logging
import time
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from donations.models import MatchingRun
from portal.audit.actions import record
from portal.core.errors import Forbidden
from portal.core.later import later

logger = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=15)  # a run that began so long ago has died with its worker
EVERY = timedelta(days=1)
KEPT = 30  # runs


@transaction.atomic
def ask_for_run(*, by: Any) -> MatchingRun:
    """Have a worker run the matcher soon; a run that still waits for its worker is the answer, too. Raises Forbidden.

    One that has begun may have read what was there before, so it is no answer.
    """
    if not by.has_perm("donations.make_match"):
        raise Forbidden
    waiting = MatchingRun.objects.filter(started_at=None).first()
    if waiting is not None:
        later("donations.match")
        return waiting
    run = MatchingRun.objects.create(asked_by=by)
    record(run, "ask", by=by)
    later("donations.match")
    return run


def run_due() -> int:
    """Carry out the runs that were asked for, or today's where none began within a day; return how many."""
    runs = list(MatchingRun.objects.filter(started_at=None).order_by("pk"))
    if not runs and not MatchingRun.objects.filter(started_at__gt=timezone.now() - EVERY).exists():
        runs = [MatchingRun.objects.create()]
    return sum(_carry_out(run) for run in runs)


def run_matching(*, by: Any = None) -> MatchingRun:
    """Run the matcher now, in this process: seconds of work, and scipy in memory. Without `by` the clock asks."""
    run = MatchingRun.objects.create(asked_by=by)
    record(run, "ask", by=by)
    _carry_out(run)
    run.refresh_from_db()
    return run


def _carry_out(run: MatchingRun) -> bool:
    """Do a run that nobody does; what goes wrong is kept with it, and the run is over."""
    now = timezone.now()
    _bury_dead(now)
    if not MatchingRun.objects.filter(pk=run.pk, started_at=None).update(started_at=now):
        return False
    started = time.monotonic()
    try:
        _fill(run)
    except Exception as error:
        logger.exception("matching run %s failed", run.pk)
        _end(run, trouble=f"{type(error).__name__}: {error}"[:200])
        return False
    _end(run, seconds=round(time.monotonic() - started, 2))
    return True


def _fill(run: MatchingRun) -> None:
    from donations.matching.find import find  # loads scipy, which pages do without

    found = find(timezone.now().date())
    run.needs, run.offers, run.pairs, run.near = found.needs, found.offers, found.pairs, found.near


@transaction.atomic
def _end(run: MatchingRun, *, trouble: str = "", seconds: float = 0) -> None:
    run.finished_at, run.trouble, run.seconds = timezone.now(), trouble, seconds
    run.save(update_fields=["finished_at", "trouble", "seconds", "needs", "offers", "pairs", "near", "updated_at"])
    record(run, "finish", why=trouble, pairs=len(run.pairs), near=len(run.near))
    newest = MatchingRun.objects.order_by("-pk").values_list("pk", flat=True)[:KEPT]
    MatchingRun.objects.exclude(pk__in=list(newest)).delete()


def _bury_dead(now: Any) -> None:
    """End runs whose worker is gone."""
    dead = MatchingRun.objects.filter(finished_at=None, started_at__lt=now - PATIENCE)
    dead.update(finished_at=now, trouble="The worker went away.")
