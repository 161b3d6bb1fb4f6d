"""Places on a training: asked for, given, refused, given back. The training's row is locked for each of them."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from instruments import notices
from instruments.actions.training.common import LONGEST_WHY, brief, check_name, locked, people_of, person_with
from instruments.enums import PlaceState, TrainingState
from instruments.models import Training, TrainingPlace
from instruments.states import PLACE_MOVES
from portal.accounts.models import User
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused, WrongState
from portal.core.machine import next_state
from portal.notifications.actions import notify


@transaction.atomic
def ask_for_place(training: Training, *, by: User) -> TrainingPlace:
    """Ask for a place, also on a full training: somebody may give theirs back. Asking twice changes nothing.

    Raises Refused once it has begun, for a person without a name, and where the laboratory said no.
    """
    if not by.is_authenticated:
        raise Forbidden
    fresh = _coming(locked(training))
    check_name(by)
    place = fresh.places.filter(user=by).first()
    if place is None:
        place = TrainingPlace.objects.create(training=fresh, user=by)
        record(place, "ask", by=by, after=place.state)
    elif place.state == PlaceState.WITHDRAWN:
        place = _move(place, "ask_again", by)
    elif place.state == PlaceState.REFUSED:
        raise Refused(Reason("place_refused", _("The laboratory could not give you a place on this training.")))
    return place


@transaction.atomic
def give_place(place: TrainingPlace, *, by: Any) -> TrainingPlace:
    """Give it to who asked, as long as there are places."""
    training = _coming(locked(place.training, by=by))
    _check_room(training)
    return _tell(_move(_fresh(place), "give", by))


@transaction.atomic
def add_participant(training: Training, email: str, *, by: Any) -> TrainingPlace:
    """Give a place to the person with this address, whether they asked or not."""
    fresh = _coming(locked(training, by=by))
    person = person_with(email)
    place = fresh.places.filter(user=person).first()
    if place is not None and place.state == PlaceState.GIVEN:
        return place
    _check_room(fresh)
    if place is None:
        place = TrainingPlace.objects.create(training=fresh, user=person, state=PlaceState.GIVEN)
        record(place, "add", by=by, after=place.state)
    elif place.state == PlaceState.WITHDRAWN:
        raise Refused(Reason("withdrawn", _("This person has given the place back.")))
    else:
        place = _move(place, "give", by)
    return _tell(place)


@transaction.atomic
def take_awarded_place(training: Training, *, by: User, award: str) -> TrainingPlace:
    """Give the holder of an award (its ref) the place that they accept, whether they asked for it before or not.

    A place that the laboratory gave them before stays the laboratory's. Raises Refused for a full training, one that is
    not open or has begun, and for a person without a name.
    """
    fresh = _coming(locked(training))
    check_name(by)
    place = fresh.places.filter(user=by).first()
    if place is not None and place.state == PlaceState.GIVEN:
        return place
    if fresh.places.given().count() >= fresh.capacity:
        raise Refused(Reason("full", _("All places on this training are given. Write to us: you keep this offer.")))
    if place is None:
        place = TrainingPlace.objects.create(training=fresh, user=by, state=PlaceState.GIVEN, award=award)
        record(place, "add", by=by, after=place.state, award=award)
    else:
        if place.state == PlaceState.WITHDRAWN:
            place = _move(place, "ask_again", by)
        place = _move(place, "give", by, award=award)
    return _tell(place)


@transaction.atomic
def take_back_awarded_place(training: Training, *, by: Any, award: str, others: Iterable[str], why: str) -> None:
    """Free the place that a revoked award (its ref) gave, if any, as long as the training is still to come.

    `others`: refs of the holder's further awards of a place on it, asked for once the training is locked. One of them
    keeps the place.
    """
    fresh = locked(training, by=by)
    if fresh.state != TrainingState.PUBLISHED or fresh.starts_at <= timezone.now():
        return
    place = fresh.places.given().filter(award=award).first()
    if place is None:
        return
    if (other := next(iter(others), None)) is not None:
        place.award = other
        place.save(update_fields=["award", "updated_at"])
        record(place, "keep", by=by, award=other, award_before=award)
        return
    refuse_place(place, by=by, why=why[:LONGEST_WHY])


@transaction.atomic
def refuse_place(place: TrainingPlace, *, by: Any, why: str = "", seen: str = "") -> TrainingPlace:
    """Refuse a request, or take a place back before it begins; the person is told, with the note if there is one.

    `seen`: the state that was looked at, where a person did: who refuses a request takes no place back that a colleague
    gave meanwhile. Raises Forbidden, Refused, WrongState.
    """
    _coming(locked(place.training, by=by))
    fresh = _fresh(place)
    if seen and seen != fresh.state:
        raise WrongState("refuse", fresh.state)
    fresh = _move(fresh, "refuse", by, note=brief(why))
    key = f"place:{fresh.pk}:{fresh.updated_at.isoformat()}"
    notify(notices.PLACE_REFUSED, key, people_of([fresh]), {"place": fresh.pk})
    return fresh


@transaction.atomic
def withdraw_place(training: Training, *, by: User) -> TrainingPlace:
    """Give the own place, or the request for one, back until the training begins."""
    fresh = _coming(locked(training))
    place = fresh.places.filter(user=by).first() if by.is_authenticated else None
    if place is None:
        raise Forbidden
    return _move(place, "withdraw", by)


def _coming(training: Training) -> Training:
    """The locked training, if its list of participants is still open."""
    if training.state != TrainingState.PUBLISHED:
        raise Refused(Reason("not_open", _("This training is not open for registration.")))
    if training.starts_at <= timezone.now():
        raise Refused(Reason("begun", _("This training has begun: its list of participants is closed.")))
    return training


def _check_room(training: Training) -> None:
    if training.places.given().count() >= training.capacity:
        raise Refused(Reason("full", _("All places are given. Take one back, or raise the number of places.")))


def _fresh(place: TrainingPlace) -> TrainingPlace:
    return TrainingPlace.objects.select_related("user").get(pk=place.pk)


def _move(place: TrainingPlace, verb: str, by: Any, note: str = "", award: str = "") -> TrainingPlace:
    before, place.state = place.state, next_state(PLACE_MOVES, verb, place.state)
    place.note, place.award = note, award
    place.save(update_fields=["state", "note", "award", "updated_at"])
    record(place, verb, by=by, before=before, after=place.state, why=note, **({"award": award} if award else {}))
    return place


def _tell(place: TrainingPlace) -> TrainingPlace:
    key = f"place:{place.pk}:{place.updated_at.isoformat()}"
    notify(notices.PLACE_GIVEN, key, people_of([place]), {"place": place.pk})
    return place
