"""Pages that staff write."""

from typing import Any, Self

from django.db import models


class PageQuerySet(models.QuerySet[Any]):
    def shown(self) -> Self:
        return self.filter(is_shown=True)

    def visible_to(self, user: Any) -> Self:
        return self if user.is_authenticated and user.is_staff else self.shown()
