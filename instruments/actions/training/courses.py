"""A training from draft to held: create, change, publish, cancel, hold."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from instruments import notices, signals
from instruments.actions.telling import operators_at
from instruments.actions.training.common import check_subject, locked, people_of, permit, told
from instruments.actions.training.wishes import answer_by_training
from instruments.enums import PlaceState, TrainingState
from instruments.models import Training
from instruments.states import PLACE_MOVES, TRAINING_MOVES
from instruments.versions import digest
from portal.accounts.models import Organisation
from portal.audit.actions import entry, record, record_all
from portal.core.errors import Conflict, Reason, Refused, WrongState
from portal.core.machine import next_state
from portal.notifications.actions import Recipient, notify, notify_apart, reader

LONGEST = timedelta(days=92)
MOST_PLACES, MOST_MONTHS = 500, 120
SUBJECT = ("instrument", "technique")
TYPED = (
    *("title", "summary", "instrument_id", "technique_id", "starts_at", "ends_at"),
    *("place", "link", "capacity", "certificate_months"),
)
TOLD_OF = ("starts_at", "ends_at", "place", "link")  # what those who take part have to hear of


@transaction.atomic
def create_training(*, by: Any, organisation: Organisation, **fields: Any) -> Training:
    """Write a draft, on the clock of the instrument or of the laboratory. `fields` are columns of the model."""
    training = Training(organisation=organisation, **fields)
    permit(by, "run_training", training)
    _check(training, by)
    training.save(force_insert=True)
    record(training, "create", by=by, after=training.state)
    return training


def version_of_training(training: Training) -> str:
    """Which text somebody edits; see `update_training`."""
    return digest({name: getattr(training, name) for name in TYPED})


@transaction.atomic
def update_training(training: Training, *, by: Any, version: str = "", **fields: Any) -> Training:
    """Change a training that is not over. Once it is published it teaches what it says; new times are told.

    `version`: that of the text which was edited, empty where nobody read it before. Apps above refuse times that what
    they promised does not allow. Raises Conflict where somebody else saved other words meanwhile.
    """
    fresh = locked(training, by=by)
    if fresh.state not in (TrainingState.DRAFT, TrainingState.PUBLISHED):
        raise WrongState("update", fresh.state)
    changed = {name: value for name, value in fields.items() if getattr(fresh, name) != value}
    if version and changed and version != version_of_training(fresh):
        raise Conflict(version_of_training(fresh))
    is_open = fresh.state == TrainingState.PUBLISHED
    if is_open and any(name in changed for name in SUBJECT):
        raise Refused(Reason("subject", _("People have registered: what is taught stays. Cancel it instead.")))
    for name, value in changed.items():
        setattr(fresh, name, value)
    _check(fresh, by)
    if fresh.places.given().count() > fresh.capacity:
        raise Refused(Reason("capacity", _("More places than that are given already.")))
    fresh.save()
    record(fresh, "update", by=by, fields=sorted(changed))
    others = _others(signals.training_changed, fresh, by=by, changed=frozenset(changed))
    if is_open and any(name in changed for name in TOLD_OF):
        people = [*people_of(fresh.places.open().select_related("user")), *others]
        notify(notices.TRAINING_CHANGED, f"{_event(fresh)}:{fresh.updated_at.isoformat()}", people, _data(fresh))
    return fresh


@transaction.atomic
def publish_training(training: Training, *, by: Any, version: str = "") -> Training:
    """Open it for registration. Those who wished for it are told, and their wishes are answered.

    `version`: of the text that this person looked at, empty where nobody did. Raises Conflict where a colleague
    changed it meanwhile.
    """
    fresh = locked(training, by=by)
    before, fresh.state = fresh.state, next_state(TRAINING_MOVES, "publish", fresh.state)
    if version and version != (current := version_of_training(fresh)):
        sentence = _("This training was changed after you opened it. Look at it again before you go on.")
        raise Conflict(current, sentence)
    _check(fresh, by)
    fresh.save(update_fields=["state", "updated_at"])
    record(fresh, "publish", by=by, before=before, after=fresh.state)
    people = answer_by_training(fresh, by=by)
    notify(notices.TRAINING_OPENED, _event(fresh), [reader(user) for user in people], _data(fresh))
    return fresh


@transaction.atomic
def cancel_training(training: Training, *, by: Any, why: str) -> Training:
    """Call it off. Those who asked for a place, have one or were promised one are told why."""
    fresh = locked(training, by=by)
    before, fresh.state = fresh.state, next_state(TRAINING_MOVES, "cancel", fresh.state)
    reason = told(why)
    fresh.save(update_fields=["state", "updated_at"])
    record(fresh, "cancel", by=by, before=before, after=fresh.state, why=reason)
    others = _others(signals.training_cancelled, fresh, by=by, why=reason)
    people = [*people_of(fresh.places.open().select_related("user")), *others]
    notify(notices.TRAINING_CANCELLED, _event(fresh), people, _data(fresh, why=reason))
    return fresh


@transaction.atomic
def hold_training(training: Training, *, by: Any = None) -> Training:
    """It has taken place: from now on results are entered. The clock does it at its end, an operator once it began.

    Whoever still waits for a place is told that there was none; when it was the clock, operators hear what to do.
    """
    fresh = locked(training, by=by)
    before, fresh.state = fresh.state, next_state(TRAINING_MOVES, "hold", fresh.state)
    if fresh.starts_at > timezone.now():
        raise Refused(Reason("not_begun", _("It has not begun yet.")))
    fresh.save(update_fields=["state", "updated_at"])
    record(fresh, "hold", by=by, before=before, after=fresh.state)
    _refuse_rest(fresh, by)
    if by is None:
        notify(notices.TRAINING_HELD, _event(fresh), operators_at(fresh.organisation_id), _data(fresh))
    return fresh


def _refuse_rest(training: Training, by: Any) -> None:
    """Refuse the places nobody answered."""
    rest = list(training.places.requested().select_related("user").select_for_update(of=("self",)))
    records = []
    for place in rest:
        before, place.state = place.state, next_state(PLACE_MOVES, "refuse", place.state)
        place.save(update_fields=["state", "updated_at"])
        records.append(entry(place, "refuse", by=by, before=before, after=place.state))
    record_all(records)
    notify_apart(
        (
            notices.PLACE_REFUSED,
            f"place:{place.pk}:{place.updated_at.isoformat()}",
            reader(place.user),
            {"place": place.pk},
        )
        for place in rest
        if place.state == PlaceState.REFUSED and place.user.is_active
    )


def _check(training: Training, by: Any) -> None:
    """Raises Refused with every sentence against what was typed; sets the clock it goes by."""
    check_subject(training.instrument, training.technique, training.organisation, by)
    training.time_zone = (training.instrument or training.organisation).time_zone
    reasons = [*_of_times(training.starts_at, training.ends_at)]
    if not 0 < training.capacity <= MOST_PLACES:
        reasons.append(Reason("capacity", _("Give from 1 to %(most)d places.") % {"most": MOST_PLACES}))
    if training.certificate_months is not None and not 0 < training.certificate_months <= MOST_MONTHS:
        words = _("A certificate holds from 1 to %(most)d months, or without end.") % {"most": MOST_MONTHS}
        reasons.append(Reason("certificate_months", words))
    if reasons:
        raise Refused(*reasons)
    try:
        training.full_clean(validate_constraints=False)
    except ValidationError as error:
        found = error.message_dict.items()
        raise Refused(*(Reason(field, text) for field, texts in found for text in texts)) from error


def _of_times(start: datetime, end: datetime) -> list[Reason]:
    if start >= end:
        return [Reason("ends", _("The training must end after it begins."))]
    if end - start > LONGEST:
        return [Reason("ends", _("A training lasts three months at most."))]
    if start <= timezone.now():
        return [Reason("starts", _("The training must begin in the future."))]
    return []


def _others(signal: Signal, training: Training, **details: Any) -> list[Recipient]:
    """Who hears of it beside those with places, as apps above say."""
    return signals.answers_of(signal.send(Training, training=training, **details))


def _event(training: Training) -> str:
    return f"training:{training.pk}"


def _data(training: Training, why: str = "") -> dict[str, Any]:
    return {"training": training.pk, "why": why}
