"""Named questions about connectors."""

from datetime import datetime
from typing import Any, Self

from django.db import models


class ConnectorQuerySet(models.QuerySet[Any]):
    def in_use(self) -> Self:
        """Those that nobody revoked, paired or waiting for their code."""
        return self.filter(revoked_at=None)

    def paired(self) -> Self:
        return self.in_use().exclude(token_hash=None)

    def to_pair_at(self, moment: datetime) -> Self:
        """Those whose code is still good."""
        return self.in_use().filter(token_hash=None, code_until__gt=moment)

    def managed_by(self, user: Any) -> Self:
        """Those of the laboratories where `user` is an operator; all to staff."""
        instruments = self.model.unit.field.related_model.instrument.field.related_model.objects.managed_by(user)
        return self.filter(unit__instrument__in=instruments.order_by().values("pk"))
