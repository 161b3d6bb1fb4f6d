"""What waits for a person: each app says it in its `waiting.py`, pages put the answers together."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from portal.core.together import ask_together


@dataclass(frozen=True)
class Waiting:
    """One line on a dashboard: `title` a translated sentence, `url` where the deed is done, `when` its moment."""

    title: str
    url: str
    detail: str = ""
    when: datetime | None = None
    is_urgent: bool = False


@dataclass(frozen=True)
class Lines:
    """Lines whose rows are still to be asked for: `write` gets the rows of the queryset and says them."""

    rows: QuerySet[Any, Any]
    write: Callable[[list[Any]], Iterable[Waiting]]


def each(line: Callable[..., Waiting], *given: Any) -> Callable[[list[Any]], list[Waiting]]:
    """A `write` with one line a row: `line(row, *given)`."""
    return lambda rows: [line(row, *given) for row in rows]


def written(waits: Iterable[Waiting | Lines], *also: QuerySet[Any, Any]) -> list[Waiting]:
    """All lines in this order, their rows asked for in one statement, with which go the page's `also`."""
    waits = list(waits)
    ask_together([*(wait.rows for wait in waits if isinstance(wait, Lines)), *also])
    return [line for wait in waits for line in _lines(wait)]


def _lines(wait: Waiting | Lines) -> Iterable[Waiting]:
    return wait.write(list(wait.rows)) if isinstance(wait, Lines) else [wait]
