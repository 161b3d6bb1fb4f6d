"""Transactions that met another one head-on are tried again; the database says when (SQLSTATE 40P01, 40001)."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction

T = TypeVar("T")
AGAIN = {"40P01", "40001"}  # deadlock_detected, serialization_failure


def in_transaction(deed: Callable[[], T], tries: int = 4) -> T:
    """Run `deed` in a transaction; after a deadlock or serialization failure again, at most `tries` times in all.

    Inside a caller's transaction the error goes to the caller, who alone can start again.
    """
    outermost = not connection.in_atomic_block
    for attempt in range(1, tries + 1):
        try:
            with transaction.atomic():
                return deed()
        except OperationalError as error:
            if not outermost or attempt == tries or getattr(error.__cause__, "pgcode", None) not in AGAIN:
                raise
            time.sleep(random.uniform(0.01, 0.05) * attempt)  # noqa: S311 spreads the next try, guards nothing
    raise AssertionError("unreachable")


def broken_constraint(error: IntegrityError) -> str:
    """The name of the constraint that the database refused to break; empty where it names none."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
