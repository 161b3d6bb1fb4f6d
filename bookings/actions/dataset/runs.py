"""What an instrument measured by itself goes the way of every dataset."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from bookings.actions.dataset.finishing import tell_of_files
from bookings.actions.dataset.quota import check_quota, check_size
from bookings.actions.dataset.sets import new_dataset
from bookings.actions.dataset.uploads import file_name
from bookings.models import Dataset, DatasetFile, Session
from instruments.models import Unit
from portal.audit.actions import record
from portal.core.files import kept_only_if_saved
from portal.core.retry import in_transaction


def keep_run(unit: Unit, files: Iterable[tuple[str, bytes]], began: datetime, moment: datetime) -> Dataset | None:
    """A dataset of (name, content) pairs, whole at `moment`, for the booking in whose session on `unit` the run began.

    It is theirs also when somebody else went on with it. None where no session was live. Raises TooLarge (`too_large`,
    `quota`) or NoRoom, as for files that people send.
    """
    session = Session.objects.live_at(began).filter(booking__unit=unit).select_related("booking__instrument").first()
    if session is None:
        return None
    contents = {file_name(name): content for name, content in files}
    for content in contents.values():
        check_size(len(content))

    def deed() -> Dataset:
        check_quota(session.booking.instrument.organisation_id, sum(map(len, contents.values())))
        title = _("Run of %(moment)s") % {"moment": f"{moment:%Y-%m-%d %H:%M} UTC"}
        dataset = new_dataset(session.booking, {"title": title}, by=None)
        for name, content in contents.items():
            _add(dataset, name, content)
        tell_of_files(dataset)
        return dataset

    return in_transaction(deed)


def _add(dataset: Dataset, name: str, content: bytes) -> None:
    told: dict[str, Any] = {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    file = DatasetFile(dataset=dataset, **told)
    file.file = ContentFile(content, name=name)
    with kept_only_if_saved(file):
        file.save()
    record(dataset, "add_file", **told)
