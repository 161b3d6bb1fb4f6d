"""Named questions about samples."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from bookings.enums import AT_THE_LABORATORY, SampleState
from bookings.querysets.places import run_by


class SampleQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Those of the awards `user` may see and of the laboratories where they are an operator; all to staff."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        awards = self.model.award.field.related_model.objects.visible_to(user)
        run = Q(award__instrument__organisation__in=run_by(user))
        return self.filter(run | Q(award__in=awards.values("pk")))

    def at_laboratories_of(self, user: Any) -> Self:
        """Those of the instruments that `user` runs; all of them for staff."""
        if user.is_staff:
            return self
        return self.filter(award__instrument__organisation__in=run_by(user))

    def at_the_laboratory(self) -> Self:
        return self.filter(state__in=AT_THE_LABORATORY)

    def expected(self) -> Self:
        """Those announced or on their way, the first to arrive first."""
        rows = self.filter(state__in=[SampleState.DECLARED, SampleState.SHIPPED])
        return rows.order_by(F("expected_on").asc(nulls_last=True), "pk")

    def open(self) -> Self:
        """Those of which something is still to become."""
        return self.filter(state__in=[SampleState.DECLARED, SampleState.SHIPPED, *AT_THE_LABORATORY])

    def of_booking(self, booking: Any) -> Self:
        """Those declared for it, and what is open of its award for no booking in particular."""
        return self.filter(Q(booking=booking) | Q(pk__in=self.open().filter(booking=None).values("pk")))

    def for_page(self) -> Self:
        """With everything a list or a page of samples prints, and their award's holder."""
        return self.select_related(
            "award__instrument__organisation", "award__holder", "award__organisation", "booking", "declared_by"
        )
