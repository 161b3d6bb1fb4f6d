"""The kinds of message about data: they are there, they will be deleted, a file arrived damaged."""

from typing import Any

from bookings.models import Dataset
from portal.notifications.kinds import Context, Kind, register
from portal.notifications.links import absolute


def _about(data: dict[str, Any]) -> Context | None:
    """What the words need; None when the files are deleted."""
    rows = Dataset.objects.kept().for_page()
    dataset = rows.filter(pk=data["dataset"]).first()
    if dataset is None:
        return None
    return {
        "dataset": dataset,
        "booking": dataset.booking,
        "instrument": dataset.booking.instrument,
        "name": data.get("name", ""),
        "url": absolute(dataset.get_absolute_url()),
    }


def _about_ending(data: dict[str, Any]) -> Context | None:
    """None, too, when they are kept longer meanwhile."""
    told = _about(data)
    until = data.get("kept_until")
    return None if told and until and told["dataset"].kept_until.isoformat() != until else told


DATASET_READY = register(Kind("bookings.dataset_ready", _about))
DATASET_ENDING = register(Kind("bookings.dataset_ending", _about_ending))
DATASET_DAMAGED = register(Kind("bookings.dataset_damaged", _about))
