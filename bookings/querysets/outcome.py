"""Named questions about outcomes."""

from typing import Any, Self

from django.db import models


class OutcomeQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Those of the awards that `user` may see."""
        awards = self.model.award.field.related_model.objects.visible_to(user)
        return self.filter(award__in=awards.values("pk"))
