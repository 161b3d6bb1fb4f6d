"""Write the history and read it back."""

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
    return Record.objects.create(
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


def history_of(row: models.Model) -> models.QuerySet[Record]:
    """The row's history, newest first, with the people in it."""
    return Record.objects.filter(model=row._meta.label_lower, row_id=row.pk).select_related("by")
