"""Write the history and read it back."""

from typing import Any

from django.db import models
from django.utils import timezone

from portal.audit.models import Record


def record(
    row: models.Model, verb: str, *, by: Any = None, before: str = "", after: str = "", why: str = "", **details: Any
) -> Record:
    """Note that `by` (None: the clock) did `verb` to `row`; call it inside the transaction of the deed."""
    return Record.objects.create(
        at=timezone.now(),
        by=by,
        actor="person" if by else "clock",
        model=row._meta.label_lower,
        row_id=row.pk,
        verb=verb,
        before=before,
        after=after,
        why=why,
        details=details,
    )


def history_of(row: models.Model) -> models.QuerySet[Record]:
    """The row's history, newest first, with the people in it."""
    return Record.objects.filter(model=row._meta.label_lower, row_id=row.pk).select_related("by")
