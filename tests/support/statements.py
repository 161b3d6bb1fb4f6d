"""How many statements a request asks the database for, and how many it may."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

FOR_VISITORS, FOR_PEOPLE = 8, 12


@dataclass
class Asked:
    """Statements so far; the marks of transactions inside a transaction are none."""

    statements: int = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.statements += "SAVEPOINT" not in sql
        return execute(sql, params, many, context)


@contextmanager
def counted() -> Iterator[Asked]:
    """Count what is asked within; cheaper than Django's capture, which writes every statement down."""
    counter = Asked()
    with connection.execute_wrapper(counter):
        yield counter


def bar_for(name: str) -> int:
    """The most statements of a page that this member of the cast reads."""
    return FOR_VISITORS if name == "visitor" else FOR_PEOPLE
