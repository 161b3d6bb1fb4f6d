"""End places in queues, planned or on the spot, for which no time can come any more."""

from typing import Any

from django.utils import timezone

from bookings.models import StandbyEntry, WaitlistEntry
from portal.audit.actions import record_each
from portal.core.machine import Moves, next_state
from portal.core.retry import in_transaction
from portal.notifications.actions import notify_apart, reader
from portal.notifications.kinds import Kind

BATCH = 200


def end_hopeless(queue: type[StandbyEntry] | type[WaitlistEntry], moves: Moves, verb: str, told: Kind) -> int:
    """Move what waits there without hope by `verb`, and tell its people; return how many.

    All in one transaction, a batch at a time; places that somebody else moves just now are left to the next tick.
    """
    name = str(queue._meta.model_name)

    def deed() -> int:
        hopeless = queue.objects.hopeless_at(timezone.now()).select_related("asked_by")
        rows: list[Any] = list(hopeless.select_for_update(of=("self",), skip_locked=True, no_key=True)[:BATCH])
        if not rows:
            return 0
        before = rows[0].state
        after = next_state(moves, verb, before)
        queue.objects.filter(pk__in=[row.pk for row in rows]).update(state=after, updated_at=timezone.now())
        record_each(rows, verb, before=before, after=after)
        notify_apart(
            (told, f"{name}:{row.pk}", reader(row.asked_by), {name: row.pk}) for row in rows if row.asked_by.is_active
        )
        return len(rows)

    return in_transaction(deed)
