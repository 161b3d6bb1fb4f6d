"""How long it takes to turn 100,000 held messages into digests, and what delivery renders of them.

`run()` needs Django set up on a database that may be written to; it undoes everything it wrote.
"""

import time
from collections import Counter
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.common import counted, figure
from benchmarks.matching import peak_memory
from calls.enums import CallState
from calls.models import Call
from portal.notifications import digests
from portal.notifications.kinds import KINDS
from portal.notifications.models import Notification
from portal.notifications.rendering import Renderer

PARTS, EVENTS = 100_000, 5
READERS = PARTS // EVENTS
ZONES = "Africa/Nairobi Africa/Dakar Africa/Lagos Europe/Paris"
RENDERED = 2_000  # rows, to see that words are made once a language, zone and content

HELD = f"""
INSERT INTO notifications_notification (kind, key, address, language, time_zone, frequency, data, state, due_at,
    attempts, last_error, created_at, updated_at)
SELECT 'calls.call_open', 'bench:' || event || ':' || reader, 'bench' || reader || '@example.org',
    CASE WHEN reader %% 3 = 0 THEN 'fr' ELSE 'en' END, (string_to_array('{ZONES}', ' '))[1 + reader %% 4],
    CASE WHEN reader %% 2 = 0 THEN 'daily' ELSE 'weekly' END,
    jsonb_build_object('call', (%(calls)s::bigint[])[event], 'token', lpad(reader::text, 43, 'd')),
    'held', %(moment)s, 0, '', %(moment)s, %(moment)s
FROM generate_series(1, %(readers)s) AS reader, generate_series(1, %(events)s) AS event
"""


def run() -> list[dict[str, Any]]:
    """Measure; return one line a figure."""
    with transaction.atomic():
        _prepare()
        figures = [*_build(), *_render()]
        transaction.set_rollback(True)
    return figures


def _build() -> list[dict[str, Any]]:
    before = peak_memory()
    with counted() as statements:
        started = time.perf_counter()
        built = digests.build()
        taken = time.perf_counter() - started
    growth = peak_memory() - before
    merged = Notification.objects.filter(state="merged").count()
    what = f"{PARTS:,} parts for {READERS:,} people"
    everybody = built == READERS and merged == PARTS and digests.build() == 0
    return [
        figure(f"digests of {what}", built, "digests", "one a person", ok=everybody),
        figure(f"statements that build {what}", len(statements), "statements", "3", ok=len(statements) == 3),
        figure(f"building {what}", taken, "s", "below 30", ok=taken < 30),
        figure(f"memory in Python, {what}", growth, "MB", "at most 5 more", ok=growth <= 5),
    ]


def _render() -> list[dict[str, Any]]:
    rows = list(Notification.objects.filter(kind=digests.DIGEST.name).order_by("pk")[:RENDERED])
    groups = Counter((row.language, row.time_zone) for row in rows)
    renderer, before = Renderer(), peak_memory()
    with counted() as statements:
        started = time.process_time()
        letters = [renderer.letter(KINDS[row.kind], row) for row in rows]
        taken = time.process_time() - started
    each, growth = EVENTS * len(groups), peak_memory() - before
    words = f"{RENDERED:,} digests in {len(groups)} languages and zones"
    return [
        figure(f"statements to word {words}", len(statements), "statements", f"{each}", ok=len(statements) == each),
        figure(f"CPU to word {words}", taken / RENDERED * 1000, "ms a mail", "below 3", ok=taken / RENDERED < 0.003),
        figure(f"memory to word {words}", growth, "MB", "at most 5 more", ok=all(letters) and growth <= 5),
    ]


def _prepare() -> None:
    """EVENTS open calls, and for each reader a held message about each, from nine days ago."""
    now = timezone.now()
    dates = {"opens_at": now - timedelta(days=10), "closes_at": now + timedelta(days=30), "published_at": now}
    calls = [
        Call.objects.create(slug=f"bench-{number}", title=f"Call {number}", state=CallState.PUBLISHED, **dates).pk
        for number in range(EVENTS)
    ]
    values = {"calls": calls, "moment": now - timedelta(days=9), "readers": READERS, "events": EVENTS}
    with connection.cursor() as cursor:
        cursor.execute(HELD, values)
        cursor.execute("ANALYZE notifications_notification")
