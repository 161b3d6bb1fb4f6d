"""How long the figures of impact take to count over a million bookings, how much memory, and how soon the page answers.

The page reads a kept row whatever the number of bookings; the count runs once an hour in a worker.
"""

import json
import resource
import sys
import time
from datetime import date
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from benchmarks.common import counted, cpu_milliseconds, figure
from bookings.models import Booking
from portal.pages.impact.keeping import keep
from portal.pages.models import Figures

BOOKINGS = 1_000_000
PAGES = 20
LONGEST, MOST_MB, MOST_STATEMENTS = 60, 64, 3


def run(bookings: int = BOOKINGS) -> list[dict[str, Any]]:
    sys.stdout.write(f"    {bookings:,} bookings ...\n")
    call_command("bulk_data", bookings=max(0, bookings - Booking.objects.count()), force=True, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    today = timezone.now().date()
    before, written = _peak_mb(), _temporary_mb()
    keep(today)
    seconds, grown = Figures.objects.get(until=today).seconds, _peak_mb() - before
    return [
        figure(f"counting {bookings:,} bookings", seconds, "s", f"at most {LONGEST}", ok=seconds <= LONGEST),
        figure("memory of the worker for it", grown, "MB", f"at most {MOST_MB}", ok=grown <= MOST_MB),
        figure("temporary files of the database", _temporary_mb() - written, "MB"),
        figure("the row that is kept", _row_kb(today), "kB"),
        *_page(),
    ]


def _page() -> list[dict[str, Any]]:
    client = Client(headers={"host": "localhost"})
    started = time.perf_counter()
    with counted() as statements:
        answer = client.get("/en/impact/")
    first = (time.perf_counter() - started) * 1000
    assert answer.status_code == 200, answer.status_code
    few = len(statements) <= MOST_STATEMENTS
    cost = cpu_milliseconds(lambda _number: client.get("/en/impact/"), PAGES)
    return [
        figure("/impact/: statements", len(statements), "statements", f"at most {MOST_STATEMENTS}", ok=few),
        figure("/impact/: first answer", first, "ms"),
        figure("/impact/: CPU, application and database", cost, "ms"),
    ]


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _temporary_mb() -> float:
    """What sorts and groups wrote to disk since the database was made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT temp_bytes FROM pg_stat_database WHERE datname = current_database()")
        return float(cursor.fetchone()[0]) / 1024 / 1024


def _row_kb(day: date) -> float:
    return len(json.dumps(Figures.objects.get(until=day).figures)) / 1024
