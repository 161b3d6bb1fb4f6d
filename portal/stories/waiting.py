"""What waits for a person about stories and events."""

from typing import Any

from portal.core.waiting import Waiting


def waiting_for(user: Any) -> list[Waiting]:
    return []
