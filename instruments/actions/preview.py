"""Try a change of an instrument without making it: the deed runs as it would, and everything it wrote is undone."""

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction

T = TypeVar("T")


def tried(deed: Callable[[], T]) -> T:
    """What `deed` returns; nothing of it is kept and nobody is told. Raises what it raises."""
    with transaction.atomic():
        found = deed()
        transaction.set_rollback(True)
    return found
