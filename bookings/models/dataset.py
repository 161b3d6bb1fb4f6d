"""What was measured: files of a booking, and those that are still on their way."""

import uuid
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookings.models.booking import Booking
from bookings.querysets import DatasetFileQuerySet, DatasetQuerySet, UploadQuerySet
from portal.core.files import private_place
from portal.core.models import Timestamped, new_ref


class Dataset(Timestamped):
    """Files of a booking, for the people of its award alone, kept until the end of `kept_until` (UTC).

    `forgotten_at` is when the files were deleted; what they were called, their sizes and sums stay.
    """

    ref = models.CharField(_("reference"), max_length=12, unique=True, default=new_ref, editable=False)
    booking = models.ForeignKey(Booking, models.PROTECT, related_name="datasets", verbose_name=_("booking"))
    title = models.CharField(_("title"), max_length=160)
    note = models.TextField(_("about the data"), max_length=4000, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="datasets_made",
        verbose_name=_("made by"),
    )
    kept_until = models.DateField(_("kept until"))
    warned_at = models.DateTimeField(_("warned of its end"), null=True, blank=True)
    forgotten_at = models.DateTimeField(_("files deleted"), null=True, blank=True)

    WARNED_BEFORE = (2, 14)  # days

    objects = DatasetQuerySet.as_manager()

    class Meta:
        verbose_name = _("dataset")
        verbose_name_plural = _("datasets")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["kept_until"], name="dataset_to_forget", condition=Q(forgotten_at=None)),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("datasets:detail", args=[self.ref])

    @property
    def is_forgotten(self) -> bool:
        return self.forgotten_at is not None

    def is_over_on(self, day: date) -> bool:
        """Whether nobody is given its files any more on this day (UTC), deleted or about to be."""
        return self.is_forgotten or self.kept_until < day

    def warning_due_on(self, day: date) -> int | None:
        """The one of WARNED_BEFORE that its people should hear on this day and have not heard yet."""
        for days in self.WARNED_BEFORE:
            first = self.kept_until - timedelta(days=days)
            if first <= day <= self.kept_until:
                return days if self.warned_at is None or self.warned_at.date() < first else None
        return None


class DatasetFile(Timestamped):
    """One file of a dataset; `size` in bytes, `sha256` in hexadecimal, both of what is stored."""

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="files", verbose_name=_("dataset"))
    name = models.CharField(_("file name"), max_length=120)
    size = models.BigIntegerField(_("size"), help_text=_("bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    file = models.FileField(_("file"), upload_to=private_place("datasets"), max_length=200)

    objects = DatasetFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a dataset")
        verbose_name_plural = _("files of datasets")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["dataset", "name"], name="dataset_names_a_file_once"),
            models.CheckConstraint(condition=Q(size__gte=0), name="dataset_file_has_a_size"),
        ]

    def __str__(self) -> str:
        return self.name


class Upload(Timestamped):
    """A file on its way into a dataset, by tus 1.0: `received` of `size` bytes lie at `place` in the storage.

    Once it is a file of the dataset its `place` is empty; the row stays a while for a sender who missed the answer.
    `sha256` is what the sender says it is, where it says so; a file that turns out otherwise is not kept.
    """

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="uploads", verbose_name=_("dataset"))
    name = models.CharField(_("file name"), max_length=120)
    size = models.BigIntegerField(_("size"), help_text=_("bytes"))
    received = models.BigIntegerField(_("received"), default=0, help_text=_("bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    place = models.CharField(max_length=200, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="uploads", verbose_name=_("sent by")
    )
    expires_at = models.DateTimeField(_("given up at"))

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(size__gte=0, received__gte=0, received__lte=F("size")), name="upload_within_its_size"
            ),
            models.UniqueConstraint(fields=["dataset", "name"], name="upload_of_a_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_complete(self) -> bool:
        """All its bytes are here; what is left is to check them."""
        return self.received == self.size

    @property
    def is_kept(self) -> bool:
        """It is a file of the dataset."""
        return not self.place

    @property
    def is_over(self) -> bool:
        """Nobody went on with it in time."""
        return not self.is_complete and self.expires_at <= timezone.now()

    @property
    def percent(self) -> int:
        return self.received * 100 // self.size if self.size else 100
