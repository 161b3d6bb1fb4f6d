"""Several questions in one statement, for pages that put together what many rooms know.

Each question becomes one column of the one row that PostgreSQL sends: an array of its rows, each an array of texts.
They are made into values by the driver and read by Django as if the question had been asked alone: the rows are what
they always are, models with all that was selected along. Planning and answering take what they take one by one.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import QuerySet
from psycopg2.extensions import string_types  # type: ignore[import-untyped]

Row = list[Any]
Maker = Callable[[str | None, Any], Any]
# By what number PostgreSQL knows its own types, and the driver what is to become of their texts. They never change.
NUMBERS = {
    "boolean": 16,
    "bigint": 20,
    "smallint": 21,
    "integer": 23,
    "text": 25,
    "double precision": 701,
    "smallint[]": 1005,
    "integer[]": 1007,
    "text[]": 1009,
    "varchar[]": 1015,
    "bigint[]": 1016,
    "varchar": 1043,
    "date": 1082,
    "time": 1083,
    "timestamp with time zone": 1184,
    "interval": 1186,
    "numeric": 1700,
    "uuid": 2950,
    "jsonb": 3802,
    "tstzrange": 3910,
    "daterange": 3912,
}
TEXTS = {NUMBERS["text"], NUMBERS["varchar"]}


class _Part:
    """One question: its statement, and Django's compiler that reads the answer as soon as it is `found`."""

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        self._rows = rows
        self._compiler: Any = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        self.found: list[Row] = []
        self.sql, self.params = "", tuple[Any, ...]()
        try:
            self.sql, self.params = self._compiler.as_sql()
        except EmptyResultSet:
            return  # nothing can answer it, as with none()

    @property
    def column(self) -> str:
        """The question as a column. Columns that it is only ordered by come last; they get no name and stay behind."""
        names = [f"c{place}" for place in range(len(self._compiler.select))]
        texts = ", ".join(f"a.{name}::text" for name in names)
        return f"ARRAY(SELECT ARRAY[{texts}] FROM ({self.sql}) a({', '.join(names)}))"  # noqa: S608 Django wrote it

    def take(self, rows: list[Row], cursor: Any) -> None:
        """Keep these rows, with values in the place of their texts."""
        makers = self._makers(cursor) if rows else []  # most questions of a page have no answer
        for row in rows:
            for place, maker in makers:
                row[place] = maker(row[place], cursor)
        self.found = rows

    def _makers(self, cursor: Any) -> list[tuple[int, Maker]]:
        """What makes values of texts, and in which places."""
        database = self._compiler.connection  # itself, not who stands for it in each thread: it is asked often
        types = [column.output_field.db_type(database) for column, *_sql in self._compiler.select]
        return [(place, maker) for place, db_type in enumerate(types) if (maker := _maker(db_type, cursor))]

    def read(self) -> None:
        """Evaluate the queryset from what was found, in the place of asking the database."""
        query: Any = self._rows.query
        self._compiler.execute_sql = lambda *_how, **_else: [self.found]
        query.get_compiler = lambda *_how, **_else: self._compiler
        try:
            len(self._rows)
        finally:
            del query.get_compiler  # querysets made of this one ask for themselves


def ask_together(questions: Iterable[QuerySet[Any, Any]]) -> None:
    """Evaluate these querysets in one statement; what they prefetch is asked for afterwards."""
    parts = [_Part(rows) for rows in questions]
    asked = [part for part in parts if part.sql]
    if asked:
        _ask(asked)
    for part in parts:
        part.read()


def _ask(parts: list[_Part]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(part.column for part in parts)}", [value for part in parts for value in part.params]
        )
        for part, rows in zip(parts, cursor.fetchone(), strict=True):
            part.take(rows, cursor.cursor)


def _maker(db_type: str, cursor: Any) -> Maker | None:
    """What makes a value of a text of this type; None where it is a text itself. Raises KeyError for unknown types."""
    number = _number_of(db_type)
    if number in TEXTS:
        return None
    return cursor.connection.string_types.get(number) or string_types[number]  # Django has its own for jsonb


@cache
def _number_of(db_type: str) -> int:
    """`varchar(160)` is a varchar, `smallint[][]` written `smallint[]`."""
    name = db_type.partition("(")[0].partition("[")[0]
    return NUMBERS[f"{name}[]" if db_type.endswith("]") else name]
