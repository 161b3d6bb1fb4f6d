"""What waits for a person, from every app, most urgent first, in one statement."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from bookings import waiting as bookings
from calls import waiting as calls
from donations import waiting as donations
from instruments import waiting as instruments
from portal.accounts import waiting as accounts
from portal.core.waiting import Waiting, written
from portal.stories import waiting as stories

APPS = (accounts, instruments, calls, bookings, donations, stories)
LAST = datetime.max.replace(tzinfo=UTC)


def waiting_for(user: Any, *also: QuerySet[Any, Any]) -> list[Waiting]:
    """Urgent lines first, then by their moment; lines without one come last, in the order of the apps.

    `also` are other questions of the same page, answered along.
    """
    lines = written([wait for app in APPS for wait in app.waiting_for(user)], *also)
    return sorted(lines, key=lambda line: (not line.is_urgent, line.when or LAST))
