"""How long it takes to find everybody a call or an instrument speaks to and to write each a message.

It is one statement and nothing in Python; its plan is printed.

`run()` needs Django set up on a database that may be written to; it undoes everything it wrote.
"""

import resource
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from calls.actions import interest as actions
from calls.enums import CallKind, CallState
from calls.matching import about_instrument
from calls.models import Call, Interest
from instruments.enums import InstrumentState
from instruments.models import EquipmentCategory, Instrument, Technique
from portal.accounts.models import Organisation
from portal.notifications.models import Notification

INTERESTS = 100_000
BRANCHES, TWIGS = 6, 4
COUNTRIES = "KE SN FR BJ TG GH NG ET UG MW"
MOMENT = "'2027-01-01T00:00Z'"

# A third names no technique, a third a branch, a third a twig; every other one a country; a tenth only trainings; every
# fifth wants equipment too, every seventh is content with any of what it chose, every eighth names two countries; a
# tenth each can open or give; a third wants digests.
DECLARED = f"""
INSERT INTO calls_interest (token, address, standing, kinds, country, note, language, time_zone, frequency, consent,
    consent_version, state, confirmed_at, ended_why, created_at, updated_at, combine, countries, institution, offering)
SELECT lpad(n::text, 43, 'b'), 'bench' || n || '@example.org',
    CASE n %% 10 WHEN 8 THEN 'contributor' WHEN 9 THEN 'donor' ELSE 'beneficiary' END,
    CASE WHEN n %% 10 = 0 THEN '{{training}}' ELSE '{{}}' END::varchar(15)[],
    CASE WHEN n %% 2 = 0 THEN (string_to_array('{COUNTRIES}', ' '))[1 + n %% 9] ELSE '' END,
    '', CASE WHEN n %% 3 = 0 THEN 'fr' ELSE 'en' END, 'Africa/Nairobi',
    CASE n %% 6 WHEN 0 THEN 'daily' WHEN 1 THEN 'weekly' ELSE 'at_once' END, 'Yes.', '2', 'active',
    {MOMENT}, '', {MOMENT}, {MOMENT},
    CASE WHEN n %% 7 = 0 THEN 'any' ELSE 'all' END, CASE WHEN n %% 8 = 0 THEN '{{KE,SN}}' ELSE '{{}}' END::varchar(2)[],
    '', ''
FROM generate_series(1, %s) AS n
"""
CHOSEN = """
INSERT INTO calls_interest_techniques (interest_id, technique_id)
SELECT id, (%s::bigint[])[1 + id %% %s] FROM calls_interest WHERE token LIKE 'bbb%%' AND id %% 3 = %s
"""

WANTED = """
INSERT INTO calls_interest_categories (interest_id, equipmentcategory_id)
SELECT id, (%s::bigint[])[1 + id %% %s] FROM calls_interest WHERE token LIKE 'bbb%%' AND id %% 5 = 0
"""


def run() -> list[dict[str, Any]]:
    """Measure; return one line a figure: name, value, unit, bar (words), ok."""
    with transaction.atomic():
        twigs = _prepare()
        some = _announce(_call("bench-some", countries=["KE", "SN"], techniques=twigs[:2]))
        wide = _announce(_call("bench-equipment", kind=CallKind.EQUIPMENT, techniques=twigs))
        everybody = _announce(_call("bench-everybody", kind=CallKind.TRAINING))
        listed = _list(twigs[0])
        transaction.set_rollback(True)
    return [*some, *wide, *everybody, *listed]


def _announce(call: Call) -> list[dict[str, Any]]:
    expected, alone = actions.count_for(call), _find(Interest.objects.matching(call), call.slug)
    memory_before = peak_memory()
    with CaptureQueriesContext(connection) as queries:
        started = time.perf_counter()
        told = actions.announce(call)
        taken = time.perf_counter() - started
    growth = peak_memory() - memory_before
    written = Notification.objects.filter(data__call=call.pk).count()
    statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    matching = sum("calls_interest" in sql for sql in statements)
    who = f"{told:,} of {INTERESTS:,}"
    return [
        alone,
        _figure(f"people told, {who} interests", told, "messages", "all it speaks to", ok=told == expected == written),
        _figure(f"statements that match and write {who}", matching, "statements", "1", ok=matching == 1),
        _figure(f"all statements, {who}", len(statements), "statements", "at most 6", ok=len(statements) <= 6),
        _figure(f"matching and writing {who}", taken, "s", "below 2", ok=taken < 2),
        _figure(f"memory in Python, {who}", growth, "MB", "at most 5 more", ok=growth <= 5),
    ]


def _list(technique: Technique) -> list[dict[str, Any]]:
    """An instrument is listed: those who need access to its technique."""
    lab = Organisation.objects.create(name="Bench", slug="bench", country="KE", city="Nairobi")
    instrument = Instrument.objects.create(name="Bench", slug="bench", organisation=lab, state=InstrumentState.LISTED)
    instrument.techniques.set([technique])
    alone = _find(Interest.objects.hearing(about_instrument(instrument)), "bench-instrument")
    started = time.perf_counter()
    told = actions.tell_listed(instrument)
    taken = time.perf_counter() - started
    return [alone, _figure(f"an instrument told to {told:,} of {INTERESTS:,}", taken, "s", "below 2", ok=taken < 2)]


def _find(readers: QuerySet[Any], what: str) -> dict[str, Any]:
    """Let PostgreSQL find `readers` and print how it did."""
    sql, params = readers.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {sql}", params)
        plan = [line for (line,) in cursor.fetchall()]
    print(f"Plan of {what} among {INTERESTS:,} interests:", *plan, sep="\n  ", flush=True)
    taken = sum(float(line.split(":")[1].split()[0]) for line in plan if line.startswith(("Planning T", "Execution T")))
    return _figure(f"finding whom {what} speaks to", taken / 1000, "s", "below 2", ok=taken < 2000)


def _prepare() -> list[Technique]:
    """Plant a tree of techniques and INTERESTS interests; return the leaves of the tree."""
    branches, twigs = [], []
    for branch in range(BRANCHES):
        slug = f"bench-{branch}"
        branches.append(Technique.objects.create(slug=slug, name=slug, path=slug))
        for twig in range(TWIGS):
            name = f"{slug}-{twig}"
            twigs.append(Technique.objects.create(slug=name, name=name, path=f"{slug}/{name}", parent=branches[-1]))
    with connection.cursor() as cursor:
        cursor.execute(DECLARED, [INTERESTS])
        for rest, techniques in ((1, branches), (2, twigs)):
            cursor.execute(CHOSEN, [[technique.pk for technique in techniques], len(techniques), rest])
        categories = list(EquipmentCategory.objects.values_list("pk", flat=True))
        cursor.execute(WANTED, [categories, len(categories)])
        chosen = (Interest.techniques.through, Interest.categories.through)
        cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in (Interest, *chosen))}")
    return twigs


def _call(slug: str, techniques: Sequence[Technique] = (), **criteria: Any) -> Call:
    now = timezone.now()
    opens, closes = now - timedelta(days=1), now + timedelta(days=30)
    call = Call.objects.create(
        slug=slug, title=slug, opens_at=opens, closes_at=closes, state=CallState.PUBLISHED, published_at=now, **criteria
    )
    call.techniques.set(techniques)
    return call


def _figure(name: str, value: float, unit: str, bar: str = "", *, ok: bool = True) -> dict[str, Any]:
    return {"name": name, "value": round(value, 2), "unit": unit, "bar": bar, "ok": ok}


def peak_memory() -> float:
    """The most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
