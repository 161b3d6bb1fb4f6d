"""Several questions in one statement, for pages that put together what many rooms know.

The answers stand side by side: row n of what PostgreSQL sends holds the nth row of each question, so there are as
many rows as the longest answer has. Django reads each part as if it had been asked alone: the rows are what they
always are, models with all that was selected along.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from operator import itemgetter
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import QuerySet

MOST_COLUMNS = 1600  # PostgreSQL sends at most 1,664 in a row
MARK = "together_nth"  # the column with which each part begins: the number of its row, NULL after its last


class _Part:
    """One question: its statement, and Django's compiler that reads the answer as soon as it is `found`."""

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        self._rows = rows
        self._compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        self.found: list[tuple[Any, ...]] = []
        self.sql, self.params = "", ()
        try:
            self.sql, self.params = self._compiler.as_sql()
        except EmptyResultSet:
            return  # nothing can answer it, as with none()

    @property
    def width(self) -> int:
        """How many columns it asks for, and its mark."""
        return 1 + len(self._compiler.select)

    def take(self, cells: tuple[Any, ...]) -> None:
        """Keep what one row says of this part: mark and columns; those only ordered by come last and are left out."""
        if cells[0] is not None:
            self.found.append(cells[: self.width])

    def read(self) -> None:
        """Evaluate the queryset from what was found, in the place of asking the database."""
        query: Any = self._rows.query
        rows = [cells[1:] for cells in sorted(self.found, key=itemgetter(0))]
        self._compiler.execute_sql = lambda *_how, **_else: [rows]  # type: ignore[method-assign]
        query.get_compiler = lambda *_how, **_else: self._compiler
        try:
            len(self._rows)
        finally:
            del query.get_compiler  # querysets made of this one ask for themselves


def ask_together(questions: Iterable[QuerySet[Any, Any]]) -> None:
    """Evaluate these querysets in one statement; in more where they have over 1,600 columns in all."""
    parts = [_Part(rows) for rows in questions]
    for bundle in _bundles([part for part in parts if part.sql]):
        _ask(bundle)
    for part in parts:
        part.read()


def _bundles(parts: list[_Part]) -> Iterator[list[_Part]]:
    """As many as fit into one row, in their order."""
    bundle: list[_Part] = []
    for part in parts:
        if bundle and sum(one.width for one in [*bundle, part]) > MOST_COLUMNS:
            yield bundle
            bundle = []
        bundle.append(part)
    if bundle:
        yield bundle


def _ask(parts: list[_Part]) -> None:
    """Each question numbers its rows; FULL JOIN puts those of one number beside each other, however many there are."""
    names = [f"part_{place}" for place in range(len(parts))]
    numbered = [
        f"(SELECT row_number() OVER () AS {MARK}, asked.* FROM ({part.sql}) asked) {name}"  # noqa: S608 Django wrote it
        for part, name in zip(parts, names, strict=True)
    ]
    columns = ", ".join(f"{name}.*" for name in names)
    beside = "".join(f" FULL JOIN {one} USING ({MARK})" for one in numbered[1:])
    sql = f"SELECT {columns} FROM {numbered[0]}{beside}"  # noqa: S608 of the above
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for part in parts for value in part.params])
        begins = [place for place, column in enumerate(cursor.description) if column.name == MARK]
        ranges = list(pairwise([*begins, len(cursor.description)]))
        for row in cursor:
            for part, (begin, end) in zip(parts, ranges, strict=True):
                part.take(row[begin:end])
