"""Named questions about who is in a session, and about checks of lines."""

from datetime import datetime
from typing import Any, Self

from django.db import models


class AttendanceQuerySet(models.QuerySet[Any]):
    def open(self) -> Self:
        return self.filter(left_at=None)

    def here_at(self, moment: datetime) -> Self:
        """Those whose line is open and whose relay was alive a moment ago."""
        return self.open().filter(seen_at__gt=moment - self.model.GONE_AFTER)

    def orphaned_at(self, moment: datetime) -> Self:
        """Open lines whose relay has gone without a word."""
        return self.open().filter(seen_at__lte=moment - self.model.GONE_AFTER)


class ConnectionCheckQuerySet(models.QuerySet[Any]):
    def of(self, user: Any) -> Self:
        return self.filter(user=user)
