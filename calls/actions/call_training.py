"""What calls say when the training whose places they give is moved, made smaller or called off."""

from typing import Any

from django.utils.translation import gettext as _

from calls.completeness import training_is_early
from calls.enums import AwardKind, AwardState, CallState
from calls.models import Award, Call
from calls.notices.about import on_both_clocks
from calls.notices.call import CALL_TRAINING_CANCELLED
from instruments.actions.telling import staff_but
from instruments.models import Training
from portal.core.errors import Reason, Refused
from portal.core.times import day_text
from portal.notifications.actions import Recipient, notify, reader


def hold_training(call: Call) -> None:
    """Lock the training of a locked call: nobody moves it while the call is published or extended."""
    if call.training_id is not None:
        call.training = Training.objects.select_for_update(of=("self",), no_key=True).get(pk=call.training_id)


def check_training(training: Training, changed: frozenset[str]) -> None:
    """Raises Refused where a call that is out and not yet decided relies on another beginning, or on more places."""
    reasons = []
    for call in training.calls.filter(state=CallState.PUBLISHED).order_by("pk"):
        if "starts_at" in changed and training_is_early(call, training):
            reasons.append(Reason("starts", _too_early(call)))
        if "capacity" in changed and call.places_offered > training.capacity:
            sentence = _("The call “%(title)s” gives %(count)d places on this training.")
            reasons.append(Reason("capacity", sentence % {"title": call.title, "count": call.places_offered}))
    if reasons:
        raise Refused(*reasons)


def offered_places(training: Training) -> list[Recipient]:
    """Those who were offered a place on it and have not answered."""
    offers = Award.objects.filter(call__training=training, kind=AwardKind.PLACE, state=AwardState.OFFERED)
    return [reader(award.holder) for award in offers.filter(holder__is_active=True).select_related("holder")]


def tell_staff_of_cancelled(training: Training, *, by: Any, why: str) -> None:
    """Tell staff of each call that is out that its places are gone: applicants hear it from them."""
    for call in training.calls.filter(state__in=(CallState.PUBLISHED, CallState.DECIDED)).order_by("pk"):
        key = f"call:{call.pk}:training:{training.pk}"
        notify(CALL_TRAINING_CANCELLED, key, staff_but(by), {"call": call.pk, "why": why})


def _too_early(call: Call) -> str:
    values = {"title": call.title, "closes": on_both_clocks(call.closes_at, call.time_zone)}
    if call.decision_on is None:
        sentence = _("The call “%(title)s” gives places on this training and closes on %(closes)s: begin after that.")
        return sentence % values
    values["decided"] = day_text(call.decision_on)
    sentence = _(
        "The call “%(title)s” gives places on this training, closes on %(closes)s and is decided on %(decided)s: begin "
        "after that."
    )
    return sentence % values
