"""Named questions about pledges."""

from typing import Any, Self

from django.db import models
from django.db.models import F

from donations.enums import PledgeKind, PledgeState


class PledgeQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """To staff every one; else the donor's own."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_staff else self.filter(donor=user)

    def to_pay_with(self) -> Self:
        """Pledges of money that are agreed or allocated and not used up."""
        rows = self.filter(kind=PledgeKind.MONEY, state__in=[PledgeState.AGREED, PledgeState.ALLOCATED])
        return rows.filter(spent_eur__lt=F("amount_eur"))

    def for_list(self) -> Self:
        return self.select_related("donor", "organisation")
