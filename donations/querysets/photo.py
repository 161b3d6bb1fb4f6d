"""Who may see which photograph: whoever may see what it belongs to."""

from typing import Any, Self

from django.db import models
from django.db.models import Q


class PhotoQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        if user.is_authenticated and user.is_staff:
            return self
        seen = Q(pk__in=[])
        for owner in ("need", "offer", "shipment", "follow_up"):
            rows = getattr(self.model, owner).field.related_model.objects
            seen |= Q(**{f"{owner}__in": rows.visible_to(user).values("pk")})
        return self.filter(seen)
