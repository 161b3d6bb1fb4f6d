"""Asking the database from the relay: in a thread, with connections that a restart of the database does not spoil."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from django.db import close_old_connections

P = ParamSpec("P")
T = TypeVar("T")

# The question about all lines has a thread of its own: no crowd of people joining makes it wait.
_truth = ThreadPoolExecutor(max_workers=1, thread_name_prefix="relay-truth")
_deeds = ThreadPoolExecutor(max_workers=3, thread_name_prefix="relay-rows")


async def ask(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `function`, which reads or writes rows."""
    return await _run(_deeds, function, *args, **kwargs)


async def ask_first(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The same, for the watch alone."""
    return await _run(_truth, function, *args, **kwargs)


async def _run(pool: ThreadPoolExecutor, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    return await asyncio.get_running_loop().run_in_executor(pool, lambda: _fresh(function, *args, **kwargs))


def _fresh(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    close_old_connections()
    try:
        return function(*args, **kwargs)
    finally:
        close_old_connections()
