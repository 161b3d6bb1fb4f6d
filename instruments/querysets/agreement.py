"""Named questions about agreements with laboratories."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from instruments.enums import AgreementState
from portal.accounts.enums import MembershipState, Role


class AgreementQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Staff see all; a laboratory's operators theirs, once it was offered: a draft taken back stays with staff."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        held = user.memberships.filter(state=MembershipState.CONFIRMED, role=Role.OPERATOR)
        unseen = Q(state__in=(AgreementState.DRAFT, AgreementState.WITHDRAWN), offered_at=None)
        return self.exclude(unseen).filter(organisation__in=held.values("organisation"))

    def open(self) -> Self:
        """Agreed, offered or being written: what there is to lose."""
        return self.filter(state__in=(AgreementState.DRAFT, AgreementState.OFFERED, AgreementState.AGREED))

    def ending_by(self, day: date) -> Self:
        """Agreed ones whose last day comes by then and that nothing follows yet: a draft may lie forgotten."""
        following = self.model.objects.filter(renews=OuterRef("pk")).exclude(state=AgreementState.DRAFT)
        rows = self.filter(~Exists(following), state=AgreementState.AGREED, ends_on__lte=day)
        return rows.order_by("ends_on", "pk")
