"""How a training ended for each: results, and the certificates of those who passed."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from instruments import notices
from instruments.actions.training.certificates import add_certificate, months_later
from instruments.actions.training.common import brief, locked
from instruments.enums import TrainingResult, TrainingState
from instruments.models import Training, TrainingPlace
from instruments.states import TRAINING_MOVES
from instruments.versions import digest
from portal.audit.actions import entry, record, record_all
from portal.core.errors import Conflict, Reason, Refused, WrongState
from portal.core.machine import next_state
from portal.notifications.actions import notify_apart, reader


def version_of_result(result: str, note: str) -> str:
    """Which result of a place somebody corrects; see `record_results`."""
    return digest({"result": result, "note": note})


@transaction.atomic
def record_results(
    training: Training, results: Mapping[int, tuple[str, str]], *, by: Any, seen: Mapping[int, str] | None = None
) -> Training:
    """Note results, (result or "", note) by the primary key of the place; they may be corrected until it is closed.

    `seen`: the version of each that was looked at, where a person did. Raises Refused for a place that is none, and for
    one's own: nobody certifies themselves; Conflict where a colleague entered something else meanwhile.
    """
    fresh = locked(training, by=by)
    if fresh.state != TrainingState.HELD:
        raise WrongState("record", fresh.state)
    places = {place.pk: place for place in fresh.places.given()}
    if not places.keys() >= results.keys():
        raise Refused(Reason("no_place", _("Somebody on this list has no place on the training.")))
    looked_at = seen or {}
    records = [
        _note(places[pk], result, brief(note), by, looked_at.get(pk, "")) for pk, (result, note) in results.items()
    ]
    record_all(row for row in records if row)
    return fresh


def _note(place: TrainingPlace, result: str, note: str, by: Any, seen: str) -> Any:
    """Write one result; return its line of the history, None where nothing changed."""
    if (place.result, place.note) == (result, note):
        return None
    version = version_of_result(place.result, place.note)
    if seen and seen != version:
        raise Conflict(version)
    if place.user_id == by.pk:
        raise Refused(Reason("own_result", _("Nobody enters their own result: ask a colleague, or staff.")))
    if result and result not in TrainingResult.values:
        raise Refused(Reason("result", _("Choose a result from the list.")))
    before, place.result, place.note = place.result, result, note
    place.save(update_fields=["result", "note", "updated_at"])
    return entry(place, "result", by=by, before=before, after=result, why=note)


@transaction.atomic
def close_training(training: Training, *, by: Any) -> Training:
    """Close it once everybody has a result: those who passed get a certificate, all are told."""
    fresh = locked(training, by=by)
    before, fresh.state = fresh.state, next_state(TRAINING_MOVES, "close", fresh.state)
    places = list(fresh.places.given().select_related("user"))
    if open_ones := [str(place.user) for place in places if not place.result]:
        sentence = _("Results are missing: %(names)s.") % {"names": ", ".join(open_ones)}
        raise Refused(Reason("results_missing", sentence))
    fresh.save(update_fields=["state", "updated_at"])
    record(fresh, "close", by=by, before=before, after=fresh.state)
    _certify(fresh, [place for place in places if place.result == TrainingResult.PASSED], by)
    notify_apart(
        (notices.TRAINING_RESULT, f"place:{place.pk}", reader(place.user), {"place": place.pk})
        for place in places
        if place.result != TrainingResult.PASSED and place.user.is_active
    )
    return fresh


def _certify(training: Training, passed: Iterable[TrainingPlace], by: Any) -> None:
    if any(place.user_id == by.pk for place in passed):
        raise Refused(Reason("own_result", _("Nobody certifies themselves: ask a colleague, or staff.")))
    for place in passed:
        add_certificate(
            place.user,
            training.organisation,
            by=by,
            instrument=training.instrument,
            technique=training.technique,
            training=training,
            until=lambda day: months_later(day, training.certificate_months),
        )
