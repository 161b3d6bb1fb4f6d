"""What the benchmarks share: a figure, and the measure of a deed in statements and in CPU time."""

import gc
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

TICKS = os.sysconf("SC_CLK_TCK")
NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE SAVEPOINT")


def figure(name: str, value: float, unit: str, bar: str = "", *, ok: bool | None = None) -> dict[str, Any]:
    """One line of the table; `ok` is None where there is no bar."""
    return {"name": name, "value": round(value, 2), "unit": unit, "bar": bar, "ok": ok}


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the SQL statements of a block, without those that only open and close transactions."""
    seen: list[str] = []

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(NOT_COUNTED):
            seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield seen


def cpu_milliseconds(deed: Callable[[int], Any], times: int) -> float:
    """CPU time of one `deed(n)`, application and database together, the mean of so many."""
    backend = _backend_of_this_connection()
    gc.collect()
    before = time.process_time() + _cpu_seconds(backend)
    for n in range(times):
        deed(n)
    return (time.process_time() + _cpu_seconds(backend) - before) / times * 1000


def database_milliseconds(sql: str, params: Any, times: int = 20) -> float:
    """CPU time of the database for a statement, the mean of so many runs: how long it takes where nobody else works."""
    backend = _backend_of_this_connection()
    before = _cpu_seconds(backend)
    with connection.cursor() as cursor:
        for _ in range(times):
            cursor.execute(sql, params)
            cursor.fetchall()
    return (_cpu_seconds(backend) - before) / times * 1000


def _backend_of_this_connection() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _cpu_seconds(pid: int) -> float:
    """User and system time of a process (proc(5), fields 14 and 15 of stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
