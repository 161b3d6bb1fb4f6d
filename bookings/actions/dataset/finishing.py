"""From an upload that is complete to a file of its dataset: the sum is taken outside of any lock, the rest is rows."""

from typing import Any

from bookings import notices, parts
from bookings.actions.dataset.common import people_of
from bookings.models import Dataset, DatasetFile, Upload
from portal.audit.actions import record
from portal.core.retry import in_transaction
from portal.notifications.actions import notify, reader


def finish_upload(pk: int) -> bool | None:
    """Take the SHA-256 of a complete upload and keep it, or drop it when its sender named another sum.

    Return whether it was kept; None when there was nothing to do. Doing it twice, or at once with somebody else, does
    it once. Where the disk lost bytes, they are asked for again.
    """
    upload = Upload.objects.to_check().filter(pk=pk).first()
    if upload is None:
        return None
    found = parts.size_of(upload.place)
    if found != upload.size:
        Upload.objects.to_check().filter(pk=pk).update(received=min(found, upload.size))
        if found < upload.size:
            return None
    sha256 = parts.sha256_of(upload.place)
    is_kept = in_transaction(lambda: _keep(pk, sha256))
    if is_kept is False:
        parts.drop(upload.place)
    return is_kept


def _keep(pk: int, sha256: str) -> bool | None:
    """Whether the upload became a file; None when somebody else has dealt with it."""
    upload = Upload.objects.to_check().select_for_update(of=("self",)).filter(pk=pk).first()
    if upload is None:
        return None
    dataset = Dataset.objects.select_related("booking__award__holder").get(pk=upload.dataset_id)
    told: dict[str, Any] = {"name": upload.name, "size": upload.size, "sha256": sha256}
    if dataset.is_forgotten:
        upload.delete()
        return False
    if upload.sha256 and upload.sha256 != sha256:
        record(dataset, "refuse_file", by=upload.made_by, expected=upload.sha256, **told)
        data = {"dataset": dataset.pk, "name": upload.name}
        notify(notices.DATASET_DAMAGED, f"upload:{upload.pk}", [reader(upload.made_by)], data)
        upload.delete()
        return False
    file = DatasetFile(dataset=dataset, **told)
    file.file.name = upload.place
    file.save()
    upload.place = ""
    upload.save(update_fields=["place", "updated_at"])
    record(dataset, "add_file", by=upload.made_by, **told)
    tell_of_files(dataset)
    return True


def tell_of_files(dataset: Dataset) -> None:
    """Its people hear that there are data: once a dataset, however many files come."""
    notify(notices.DATASET_READY, f"dataset:{dataset.pk}", people_of(dataset), {"dataset": dataset.pk})
