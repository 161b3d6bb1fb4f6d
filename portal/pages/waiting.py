"""What waits for a person, from every app, most urgent first."""

from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from portal.core.waiting import Waiting

APPS = ("portal.accounts", "instruments", "calls", "bookings")
LAST = datetime.max.replace(tzinfo=UTC)


def waiting_for(user: Any) -> list[Waiting]:
    """Urgent lines first, then by their moment; lines without one come last, in the order of the apps."""
    lines = [line for app in APPS for line in _of(app, user)]
    return sorted(lines, key=lambda line: (not line.is_urgent, line.when or LAST))


def _of(app: str, user: Any) -> list[Waiting]:
    try:
        return import_module(f"{app}.waiting").waiting_for(user)
    except ModuleNotFoundError:
        return []
