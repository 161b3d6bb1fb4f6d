"""What waits for somebody about needs, offers and gifts."""

from typing import Any

from portal.core.waiting import Waiting


def waiting_for(user: Any) -> list[Waiting]:
    return []
