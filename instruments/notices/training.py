"""What people are told of trainings, of their places and wishes, and of their certificates."""

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from instruments.enums import PlaceState, TrainingResult, TrainingState, WishState
from instruments.models import Certificate, Training, TrainingPlace, TrainingWish
from portal.accounts.models import Organisation
from portal.notifications.kinds import Context, Data, Kind, register
from portal.notifications.links import absolute

ON = (TrainingState.DRAFT, TrainingState.PUBLISHED, TrainingState.HELD, TrainingState.CLOSED)


def _training(*states: TrainingState) -> Any:
    """A context that speaks of a training while it is in one of these states."""

    def about(data: Data) -> Context | None:
        training = _trainings().filter(pk=data["training"], state__in=states).first()
        return None if training is None else {"training": training, "url": _url(training), "why": data["why"]}

    return about


def _place(state: PlaceState) -> Any:
    """A context that speaks of a place while it stands as it was decided, on a training that is not cancelled."""

    def about(data: Data) -> Context | None:
        places = TrainingPlace.objects.select_related("training__organisation", "training__instrument")
        place = places.filter(pk=data["place"], state=state, training__state__in=ON).first()
        if place is None:
            return None
        return {"training": place.training, "place": place, "url": _url(place.training), "why": place.note}

    return about


def _result(data: Data) -> Context | None:
    """How a training ended for somebody who holds no certificate of it."""
    places = TrainingPlace.objects.select_related("training__organisation", "training__instrument")
    place = places.filter(pk=data["place"], training__state=TrainingState.CLOSED).first()
    if place is None:
        return None
    return {
        "training": place.training,
        "was_absent": place.result == TrainingResult.ABSENT,
        "why": place.note,
        "url": _url(place.training),
    }


def _certificate(*, revoked: bool = False) -> Any:
    """A context that speaks of a certificate while it is revoked, or not."""

    def about(data: Data) -> Context | None:
        rows = Certificate.objects.select_related("organisation", "instrument", "technique", "training")
        certificate = rows.filter(pk=data["certificate"], revoked_at__isnull=not revoked).first()
        if certificate is None:
            return None
        return {
            "certificate": certificate,
            "what": certificate.opens,
            "why": certificate.revoked_why,
            "url": absolute(certificate.get_absolute_url()),
            "trainings_url": absolute(reverse("trainings:list")),
        }

    return about


def _wish(data: Data) -> Context | None:
    """The answer to a wish that no training answers."""
    wishes = TrainingWish.objects.select_related("instrument")
    wish = wishes.filter(pk=data["wish"], state=WishState.ANSWERED).first()
    if wish is None:
        return None
    return {
        "instrument": wish.instrument,
        "why": data["why"],
        "url": absolute(wish.instrument.get_absolute_url()),
    }


def _gathered(data: Data) -> Context | None:
    """How many ask a laboratory to be trained, and for places, when the mail is written; None when nobody does."""
    laboratory = Organisation.objects.filter(pk=data["organisation"]).first()
    wishes = TrainingWish.objects.waiting().filter(instrument__organisation=data["organisation"]).count()
    asked = Count("places", Q(places__state=PlaceState.REQUESTED))
    trainings = Training.objects.filter(organisation=data["organisation"], state=TrainingState.PUBLISHED)
    asked_for = [row for row in trainings.annotate(asked=asked).order_by("starts_at") if row.asked]
    if laboratory is None or not (wishes or asked_for):
        return None
    return {
        "laboratory": laboratory,
        "wishes": wishes,
        "trainings": [(row, absolute(row.get_absolute_url())) for row in asked_for],
        "url": absolute(reverse("trainings:wishes")),
    }


def _trainings() -> Any:
    return Training.objects.select_related("organisation", "instrument", "technique")


def _url(training: Training) -> str:
    return absolute(training.get_absolute_url())


TRAINING_OPENED = register(Kind("instruments.training_opened", _training(TrainingState.PUBLISHED)))
TRAINING_CHANGED = register(Kind("instruments.training_changed", _training(TrainingState.PUBLISHED)))
TRAINING_CANCELLED = register(Kind("instruments.training_cancelled", _training(TrainingState.CANCELLED)))
TRAINING_HELD = register(Kind("instruments.training_held", _training(TrainingState.HELD)))
TRAINING_RESULT = register(Kind("instruments.training_result", _result))
PLACE_GIVEN = register(Kind("instruments.place_given", _place(PlaceState.GIVEN)))
PLACE_REFUSED = register(Kind("instruments.place_refused", _place(PlaceState.REFUSED)))
WISH_ANSWERED = register(Kind("instruments.wish_answered", _wish))
REQUESTS_GATHERED = register(Kind("instruments.requests_gathered", _gathered))
CERTIFICATE_GIVEN = register(Kind("instruments.certificate_given", _certificate()))
CERTIFICATE_RENEWED = register(Kind("instruments.certificate_renewed", _certificate()))
CERTIFICATE_ENDING = register(Kind("instruments.certificate_ending", _certificate()))
CERTIFICATE_REVOKED = register(Kind("instruments.certificate_revoked", _certificate(revoked=True)))
