"""Questions that come with every page or booking: Django writes their SQL once a process, not each time anew.

Writing a statement with joins takes Django several times as long as PostgreSQL needs to answer it.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet, TextField


class Question:
    """A `values_list` that `ask` has written once, for the numbers or texts it is given.

    `write` gets a mark in the place of each value and must only compare with it, as in `filter(pk=mark)`: what the
    queryset does must not depend on the value.
    """

    def __init__(self, write: Callable[..., QuerySet[Any, Any]], count: int) -> None:
        self._write = write
        self._marks = [-7_340_651 - number for number in range(count)]  # whole numbers that nobody would write

    @cached_property
    def _written(self) -> tuple[str, list[tuple[int, Any]]]:
        """The statement, and for each parameter the place of its value (or -1 and the value itself)."""
        sql, parameters = self._write(*self._marks).query.sql_with_params()
        places = {str(mark): place for place, mark in enumerate(self._marks)}
        return sql, [(places.get(str(parameter), -1), parameter) for parameter in parameters]

    def ask(self, *values: int | str) -> list[tuple[Any, ...]]:
        """The rows for these values."""
        sql, parameters = self._written
        with connection.cursor() as cursor:
            cursor.execute(sql, [constant if place < 0 else values[place] for place, constant in parameters])
            return cursor.fetchall()


def columns_of(model: type[Model]) -> list[str]:
    """The names of the model's own columns but its long texts, as `values_list` and `from_db` take them."""
    return [field.attname for field in model._meta.concrete_fields if not isinstance(field, TextField)]
