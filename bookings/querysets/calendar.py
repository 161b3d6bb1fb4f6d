"""Named questions about calendar links."""

from typing import Any, Self

from django.db import models


class CalendarFeedQuerySet(models.QuerySet[Any]):
    def open(self) -> Self:
        """Those that were not revoked."""
        return self.filter(revoked_at=None)
