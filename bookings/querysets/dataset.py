"""Named questions about datasets, their files, and files on their way into them."""

from datetime import date, datetime
from typing import Any, Self

from django.db import models
from django.db.models import Count, F, Q, Sum

from bookings.querysets.places import led_by, run_by


class DatasetQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """The people of the booking's award, those who take part, focal points of its organisation, the laboratory."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        shared = user.shared_awards.values("pk")
        taking_part = user.bookings.values("pk")
        return self.filter(
            Q(booking__award__holder=user)
            | Q(booking__award__in=shared)
            | Q(booking__in=taking_part)
            | Q(booking__organisation__in=led_by(user))
            | Q(booking__instrument__organisation__in=run_by(user))
        )

    def kept(self) -> Self:
        """Those whose files are still there."""
        return self.filter(forgotten_at=None)

    def unwarned(self) -> Self:
        """Those with files whose people were never told when they will be deleted."""
        return self.kept().filter(warned_at=None, files__isnull=False).distinct()

    def ending_by(self, day: date) -> Self:
        return self.kept().filter(kept_until__lte=day)

    def forgotten(self) -> Self:
        return self.exclude(forgotten_at=None)

    def of_laboratories_of(self, user: Any) -> Self:
        """Those measured where `user` is an operator; all of them for staff."""
        if user.is_staff:
            return self
        return self.filter(booking__instrument__organisation__in=run_by(user))

    def for_page(self) -> Self:
        """With everything a list or a page of datasets prints: `file_count` files of `total_size` bytes."""
        rows = self.select_related(
            "booking__instrument__organisation", "booking__award__holder", "booking__organisation", "made_by"
        )
        return rows.annotate(file_count=Count("files"), total_size=Sum("files__size", default=0)).order_by("-pk")


class DatasetFileQuerySet(models.QuerySet[Any]):
    def of_laboratory(self, organisation: int) -> Self:
        """What counts towards its quota."""
        return self.filter(dataset__booking__instrument__organisation=organisation, dataset__forgotten_at=None)


class UploadQuerySet(models.QuerySet[Any]):
    """An upload that has become a file has no `place` any more: its row tells a sender who asks that all came."""

    def on_their_way(self) -> Self:
        return self.exclude(place="")

    def of_laboratory(self, organisation: int) -> Self:
        """What counts towards its quota, with all that is announced."""
        return self.on_their_way().filter(dataset__booking__instrument__organisation=organisation)

    def to_check(self) -> Self:
        """All there, and not a file yet."""
        return self.on_their_way().filter(received=F("size"))

    def given_up_at(self, moment: datetime) -> Self:
        """Those nobody goes on with, and those that are files for long."""
        return self.filter(expires_at__lte=moment).exclude(pk__in=self.to_check().values("pk"))
