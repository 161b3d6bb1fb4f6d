"""Write the history and read it back."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from portal.audit.models import Record


def record(
    row: models.Model,
    verb: str,
    *,
    by: Any = None,
    actor: str = "",
    before: str = "",
    after: str = "",
    why: str = "",
    **details: Any,
) -> Record:
    """Note that `by` did `verb` to `row`; call it inside the transaction of the deed.

    Without `by` it was the clock, or a person without an account whose link opened the door (`actor="person"`).
    """
    made = entry(row, verb, by=by, actor=actor, before=before, after=after, why=why, **details)
    made.save(force_insert=True)
    return made


def record_all(entries: Iterable[Record]) -> None:
    """Write what `entry` made of many rows, a thousand a statement."""
    Record.objects.bulk_create(entries, batch_size=1000)


def entry(
    row: models.Model,
    verb: str,
    *,
    by: Any = None,
    actor: str = "",
    before: str = "",
    after: str = "",
    why: str = "",
    **details: Any,
) -> Record:
    """The same note, not yet written: for deeds that touch many rows at once."""
    return Record(
        at=timezone.now(),
        by=by,
        actor=actor or ("person" if by else "clock"),
        model=row._meta.label_lower,
        row_id=row.pk,
        verb=verb,
        before=before,
        after=after,
        why=why,
        details=details,
    )


def record_each(
    rows: Iterable[models.Model], verb: str, *, by: Any = None, before: str = "", after: str = "", why: str = ""
) -> None:
    """Note one deed done to many rows, in one statement a thousand."""
    moment, actor = timezone.now(), "person" if by else "clock"
    told = {"by": by, "actor": actor, "verb": verb, "before": before, "after": after, "why": why}
    records = [Record(at=moment, model=row._meta.label_lower, row_id=row.pk, **told) for row in rows]
    Record.objects.bulk_create(records, batch_size=1000)


def last_time(by: Any, model: type[models.Model], verb: str) -> datetime | None:
    """When this person last did `verb` to any row of `model`."""
    done = Record.objects.filter(by=by, model=model._meta.label_lower, verb=verb)
    return done.order_by("-pk").values_list("at", flat=True).first()


def history_of(row: models.Model) -> models.QuerySet[Record]:
    """The row's history, newest first, with the people in it."""
    return Record.objects.filter(model=row._meta.label_lower, row_id=row.pk).select_related("by")
