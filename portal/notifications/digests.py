"""Digests: what is held for somebody becomes one mail at seven in their morning, every day or every Monday.

`build` turns all held rows whose morning has come into one row a person, in one statement: the new row carries kind and
data of its parts, and each part notes the digest it went into, so nothing is said twice and nothing is lost, whenever
a worker dies. The words are made at delivery from what is then still true; a digest with nothing left is not sent.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from portal.core.later import later
from portal.notifications.enums import Frequency, State
from portal.notifications.kinds import KINDS, PERSONAL, Context, Data, Kind, register
from portal.notifications.models import Notification
from portal.notifications.rendering import Part, part_of, zone_or_utc
from portal.notifications.states import MOVES

HOUR = 7  # of the reader's clock
MONDAY = 0
MOST_PARTS = 40  # of one mail; how many more there are is said
LOCK = 7_205_759  # one builder at a time

MERGE = """
WITH morning AS (
    SELECT * FROM unnest(%(zones)s::text[], %(frequencies)s::text[], %(mornings)s::timestamptz[])
        AS morning (time_zone, frequency, moment)
), due AS (
    SELECT part.id, part.kind, lower(part.address) AS reader, part.address, part.user_id, part.language,
        part.time_zone, part.frequency, part.data
    FROM notifications_notification part JOIN morning USING (time_zone, frequency)
    WHERE part.state = %(held)s AND part.created_at < morning.moment
    FOR UPDATE OF part SKIP LOCKED
), digest AS (
    INSERT INTO notifications_notification
        (kind, key, address, user_id, language, time_zone, frequency, data, state, due_at, attempts, last_error,
        created_at, updated_at)
    SELECT %(kind)s, %(kind)s || ':' || max(id) || ':' || reader, last(address), last(user_id), last(language),
        last(time_zone), min(frequency),
        jsonb_build_object(
            'parts', jsonb_agg(jsonb_build_object('kind', kind, 'data', data - %(personal)s) ORDER BY id),
            %(personal)s::text, last(data ->> %(personal)s)
        ),
        %(pending)s, %(now)s, 0, '', %(now)s, %(now)s
    FROM due GROUP BY reader
    RETURNING id, lower(address) AS reader
), merged AS (
    UPDATE notifications_notification part
    SET state = %(merged)s, digest_id = digest.id, settled_at = %(now)s, updated_at = %(now)s
    FROM due JOIN digest USING (reader)
    WHERE part.id = due.id
)
SELECT count(*) FROM digest
"""
for _column in ("address", "user_id", "language", "time_zone", "data ->> %(personal)s"):  # PostgreSQL has no last()
    MERGE = MERGE.replace(f"last({_column})", f"(array_agg({_column} ORDER BY id DESC))[1]")


@transaction.atomic
def build(now: datetime | None = None) -> int:
    """Merge what is due into digests; return how many. Of two builders at once one does it and the other nothing."""
    now = now or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        mornings = _mornings(now)
        if not mornings:
            return 0
        zones, frequencies, moments = zip(*mornings, strict=True)
        cursor.execute(
            MERGE,
            {
                "zones": list(zones),
                "frequencies": list(frequencies),
                "mornings": list(moments),
                "kind": DIGEST.name,
                "personal": PERSONAL,
                "held": State.HELD,
                "pending": State.PENDING,
                "merged": MOVES["merge"][1],
                "now": now,
            },
        )
        built = int(cursor.fetchone()[0])
    if built:
        later("notifications.deliver")
    return built


def last_morning(zone: str, frequency: str, now: datetime) -> datetime:
    """The latest seven o'clock in `zone` that is not after `now`: any day's, or for weekly ones a Monday's."""
    here = now.astimezone(zone_or_utc(zone))
    morning = here.replace(hour=HOUR, minute=0, second=0, microsecond=0, fold=0)
    if morning > here:
        morning -= timedelta(days=1)  # the wall clock's day: 23 or 25 hours when the clocks change
    if frequency == Frequency.WEEKLY:
        morning -= timedelta(days=(morning.weekday() - MONDAY) % 7)
    return morning.astimezone(UTC)


def retag(kinds: Iterable[Kind], token: str, *, frequency: str, language: str, time_zone: str) -> None:
    """Follow the holder of `token`, who wants to be written to at another pace, in another language or zone."""
    sources, target = MOVES["release"]
    waiting = Notification.objects.held_for(kinds, token).filter(state__in=sources)
    changes: dict[str, Any] = {"language": language, "time_zone": time_zone, "frequency": frequency}
    if frequency == Frequency.AT_ONCE:
        changes["state"] = target
        later("notifications.deliver")
    waiting.update(**changes, updated_at=timezone.now())


@transaction.atomic
def take_back(kinds: Iterable[Kind], token: str) -> int:
    """Suppress what waits to be sent to the holder of `token`, who wants no more; return how many messages that is.

    A part is also taken out of a digest that has not left yet; the digest goes when nothing else is in it.
    """
    kinds, now = list(kinds), timezone.now()
    target = MOVES["withdraw"][1]
    gone = {"state": target, "settled_at": now, "updated_at": now}
    digests = Notification.objects.waiting_digests_of(kinds, token, DIGEST.name).select_for_update(of=["self"])
    parts = 0
    for digest in digests:
        leaving = digest.parts.of_kinds(kinds).filter(data__token=token, state=State.MERGED)
        parts += leaving.update(**gone)
        _rewrite(digest, now)
    return parts + Notification.objects.waiting_for(kinds, token).update(**gone)


def _rewrite(digest: Notification, now: datetime) -> None:
    """Let a digest say what is left of its parts; the new `due_at` makes a worker that holds it read it anew."""
    left = list(digest.parts.filter(state=State.MERGED).order_by("pk"))
    if left:
        parts = [{"kind": part.kind, "data": _shared(part.data)} for part in left]
        digest.data = {"parts": parts, PERSONAL: left[-1].data[PERSONAL]}
    else:
        digest.state, digest.settled_at = MOVES["withdraw"][1], now
    digest.due_at = now
    digest.save(update_fields=["data", "state", "due_at", "settled_at", "updated_at"])


def _mornings(now: datetime) -> list[tuple[str, str, datetime]]:
    """(zone, frequency, last morning) for each pair that somebody held for has."""
    pairs = Notification.objects.filter(state=State.HELD).values_list("time_zone", "frequency").distinct().order_by()
    return [(zone, frequency, last_morning(zone, frequency, now)) for zone, frequency in pairs]


def _shared(data: Data) -> Data:
    return {name: value for name, value in data.items() if name != PERSONAL}


def _digest(data: Data) -> Context | None:
    """The parts that still make sense, each in a few lines of text and of HTML; one about each thing, the newest."""
    parts = _newest(data["parts"])
    if not parts:
        return None
    return {"parts": parts[:MOST_PARTS], "count": len(parts), "more": max(len(parts) - MOST_PARTS, 0)}


def _newest(parts: list[Data]) -> list[Part]:
    """In their order; what an older one about the same thing said is said by the newer, if that still makes sense."""
    found: dict[str, Part] = {}
    for place, part in reversed(list(enumerate(parts))):
        kind = KINDS.get(part["kind"])
        about = kind.about(part["data"]) if kind and kind.about else str(place)
        lines = part_of(kind, part["data"]) if kind and about not in found else None
        if lines is not None:
            found[about] = lines
    return list(reversed(found.values()))


def _unsubscribe(data: Data) -> str:
    """The link of the last part: it ends everything for the address, as in every other mail."""
    kind = KINDS[data["parts"][-1]["kind"]]
    if kind.unsubscribe is None:
        raise ValueError(f"{kind.name} is no subscription and must not be in a digest")
    return kind.unsubscribe({PERSONAL: data[PERSONAL]})


DIGEST = register(Kind("notifications.digest", _digest, unsubscribe=_unsubscribe))
