"""What waits for a person: each app says it in its `waiting.py`, pages put the answers together."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Waiting:
    """One line on a dashboard: `title` a translated sentence, `url` where the deed is done, `when` its moment."""

    title: str
    url: str
    detail: str = ""
    when: datetime | None = None
    is_urgent: bool = False
