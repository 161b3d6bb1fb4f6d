"""COPY, the fastest way into a table."""

from collections.abc import Iterable, Sequence
from io import StringIO
from itertools import islice
from typing import Any

from django.db import connection

CHUNK = 50_000  # rows held in memory


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Copy rows into a table of ours. Values are written as `str` gives them: no tabs, newlines or backslashes."""
    names = ", ".join(columns)
    lines = ("\t".join(map(str, row)) + "\n" for row in rows)
    with connection.cursor() as cursor:
        while chunk := "".join(islice(lines, CHUNK)):
            cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", StringIO(chunk))


def run(statements: Iterable[str], **values: Any) -> None:
    """Execute SQL statements, all with the same named values."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, values)
