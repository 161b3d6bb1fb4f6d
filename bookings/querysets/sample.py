"""Named questions about samples."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from bookings.enums import AT_THE_LABORATORY
from portal.accounts.enums import MembershipState, Role


class SampleQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Those of the awards `user` may see and of the laboratories where they are an operator; all to staff."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        awards = self.model.award.field.related_model.objects.visible_to(user)
        held = user.memberships.filter(state=MembershipState.CONFIRMED, role=Role.OPERATOR)
        run = Q(award__instrument__organisation__in=held.values("organisation"))
        return self.filter(run | Q(award__in=awards.values("pk")))

    def at_the_laboratory(self) -> Self:
        return self.filter(state__in=AT_THE_LABORATORY)
