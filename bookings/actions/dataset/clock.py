"""What the clock does to datasets and uploads. Steps find their rows by query: a missed or doubled one is fine."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from bookings import notices, parts
from bookings.actions.dataset.common import people_of
from bookings.actions.dataset.finishing import finish_upload
from bookings.actions.dataset.uploads import note_given_up
from bookings.actions.each import each
from bookings.models import Dataset, DatasetFile, Upload
from portal.audit.actions import record
from portal.notifications.actions import notify

SETTLED = timedelta(minutes=10)  # a complete upload that no worker has checked by then gets another
AT_ONCE = 200  # rows a tick deals with
LEAST_NOTICE = timedelta(days=2)  # for those who were never warned, since nobody rang for this in time


def tend_uploads() -> int:
    """Check complete uploads whose task got lost, forget those that nobody goes on with; return how many."""
    now = timezone.now()
    lost = list(Upload.objects.to_check().filter(updated_at__lte=now - SETTLED).values_list("pk", flat=True)[:AT_ONCE])
    each(lost, finish_upload)
    given_up = list(Upload.objects.given_up_at(now).values_list("pk", flat=True)[:AT_ONCE])
    return len(lost) + each(given_up, _forget_upload)


def _forget_upload(pk: int) -> bool:
    """Delete the row, then the bytes: while somebody sends, the lock on the file says so and the row stays."""
    with transaction.atomic():
        rows = Upload.objects.given_up_at(timezone.now()).select_for_update(of=("self",), skip_locked=True)
        upload = rows.select_related("dataset").filter(pk=pk).first()
        if upload is None:
            return False
        if upload.place:
            note_given_up(upload)
        upload.delete()
    if upload.place:
        parts.drop(upload.place)
    return True


def warn_of_ending() -> int:
    """Tell people that their data will be deleted, two weeks and two days before; return how many datasets.

    Data that ended without a warning are kept two days more, and their people hear of those.
    """
    today = timezone.now().date()
    each(
        Dataset.objects.unwarned().ending_by(today - timedelta(days=1)).values_list("pk", flat=True)[:AT_ONCE], _put_off
    )
    rows = Dataset.objects.ending_by(today + timedelta(days=max(Dataset.WARNED_BEFORE))).filter(files__isnull=False)
    due = [row.pk for row in rows.distinct() if row.warning_due_on(today) is not None]
    return each(due, _warn)


@transaction.atomic
def _put_off(pk: int) -> bool:
    row = Dataset.objects.kept().select_for_update(no_key=True, skip_locked=True).filter(pk=pk).first()
    today = timezone.now().date()
    if row is None or row.warned_at is not None or row.kept_until >= today:
        return False
    before, row.kept_until = row.kept_until, today + LEAST_NOTICE
    row.save(update_fields=["kept_until", "updated_at"])
    record(row, "put_off", before=before.isoformat(), after=row.kept_until.isoformat())
    return True


@transaction.atomic
def _warn(pk: int) -> bool:
    rows = Dataset.objects.kept().select_for_update(of=("self",), no_key=True, skip_locked=True)
    row = rows.select_related("booking__award__holder").filter(pk=pk).first()
    now = timezone.now()
    days = row.warning_due_on(now.date()) if row else None
    if row is None or days is None:
        return False
    row.warned_at = now
    row.save(update_fields=["warned_at", "updated_at"])
    record(row, "warn", days=days)
    key = f"dataset:{row.pk}:{row.kept_until.isoformat()}:{days}"
    notify(notices.DATASET_ENDING, key, people_of(row), {"dataset": row.pk, "kept_until": row.kept_until.isoformat()})
    return True


def forget_datasets() -> int:
    """Close the datasets whose day is over, then delete their bytes; a step cut in the middle is taken up again."""
    yesterday = timezone.now().date() - timedelta(days=1)
    ended = Dataset.objects.ending_by(yesterday).exclude(pk__in=Dataset.objects.unwarned().values("pk"))
    due = list(ended.values_list("pk", flat=True)[:AT_ONCE])
    closed = each(due, _forget)
    each(DatasetFile.objects.exclude(file="").exclude(dataset__forgotten_at=None)[: AT_ONCE * 10], _delete)
    return closed


def _delete(file: DatasetFile) -> None:
    file.file.storage.delete(str(file.file.name))
    DatasetFile.objects.filter(pk=file.pk).update(file="")


@transaction.atomic
def _forget(pk: int) -> bool:
    """Names, sizes and sums stay; what is still on its way is given up by its own clock."""
    today = timezone.now().date()
    row = Dataset.objects.kept().select_for_update(no_key=True, skip_locked=True).filter(pk=pk).first()
    if row is None or row.kept_until >= today:
        return False
    row.forgotten_at = timezone.now()
    row.save(update_fields=["forgotten_at", "updated_at"])
    Upload.objects.filter(dataset=row).update(expires_at=row.forgotten_at)
    record(row, "forget", before=row.kept_until.isoformat())
    return True
