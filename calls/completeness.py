"""What a draft of a call lacks before it can be published, by the section of the desk in which to mend it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from calls.enums import CallKind
from calls.models import Call
from instruments.enums import TrainingState
from instruments.models import Training
from portal.core.errors import Reason

JUDGED = (CallKind.REMOTE_ACCESS, CallKind.TRAINING)  # the kinds whose applications reviewers score
WHOLE = 100  # per cent


@dataclass(frozen=True)
class Lack(Reason):
    """A reason with the name of the section that mends it: texts, offer, dates, who or criteria."""

    section: str = ""


def missing_to_publish(call: Call, moment: datetime) -> list[Lack]:
    """Everything that keeps `call` from being published at `moment`, each a sentence; empty when nothing does."""
    return [*_texts(call), *_offer(call), *_training(call), *_dates(call, moment), *_priority(call), *_criteria(call)]


def _texts(call: Call) -> Iterator[Lack]:
    sentences = {
        "title_en": _("The title in English is missing."),
        "title_fr": _("The title in French is missing."),
        "summary_en": _("The summary in English is missing."),
        "summary_fr": _("The summary in French is missing."),
    }
    for field, sentence in sentences.items():
        if not _says(call, field):
            yield Lack(f"no_{field}", sentence, "texts")


def _says(call: Call, column: str) -> bool:
    """Whether a text in one language holds anything; a language nobody wrote in is null."""
    return bool((getattr(call, column) or "").strip())


def _offer(call: Call) -> Iterator[Lack]:
    nothing = {
        CallKind.REMOTE_ACCESS: _("Say how many hours of instrument time the call gives."),
        CallKind.TRAINING: _("Say how many places the training gives."),
        CallKind.EQUIPMENT: _("Say how many needs the call verifies."),
    }
    given = call.minutes_offered if call.kind == CallKind.REMOTE_ACCESS else call.places_offered
    if call.kind in nothing and not given:
        yield Lack("gives_nothing", nothing[CallKind(call.kind)], "offer")
    elif call.kind == CallKind.REMOTE_ACCESS and (call.most_minutes or 0) > call.minutes_offered:
        sentence = _("One application may ask for more hours than the call gives in all.")
        yield Lack("most_above_all", sentence, "offer")
    if call.kind == CallKind.REMOTE_ACCESS and not (call.instruments.exists() or call.techniques.exists()):
        sentence = _("Name at least one instrument or technique, so that applicants can choose an instrument.")
        yield Lack("no_instruments", sentence, "offer")


def _training(call: Call) -> Iterator[Lack]:
    training = call.training
    if training is None:
        return
    if training.state not in (TrainingState.DRAFT, TrainingState.PUBLISHED):
        yield Lack("training_over", _("The training of this call is over or cancelled. Choose another one."), "offer")
    elif training.starts_at <= call.closes_at:
        yield Lack("training_too_early", _("The training of this call begins before the call closes."), "offer")
    elif training_is_early(call, training):
        sentence = _("The training of this call begins before the decision is expected.")
        yield Lack("training_before_decision", sentence, "dates")
    if call.places_offered > training.capacity:
        sentence = _("The call offers more places than its training has: %(count)d.")
        yield Lack("more_places", sentence % {"count": training.capacity}, "offer")


def training_is_early(call: Call, training: Training) -> bool:
    """Whether it begins before the call has closed, or not after the day on which the decision is expected."""
    begins_on = training.starts_at.astimezone(call.zone).date()
    return training.starts_at <= call.closes_at or (call.decision_on is not None and begins_on <= call.decision_on)


def _dates(call: Call, moment: datetime) -> Iterator[Lack]:
    closing = call.closes_at.astimezone(call.zone).date()
    if call.closes_at <= moment:
        yield Lack("closing_past", _("The closing moment has already passed."), "dates")
    if not _in_order(closing, call.review_on):
        yield Lack("review_before_closing", _("Reviews are due before the call closes."), "dates")
    if not _in_order(call.review_on or closing, call.decision_on):
        sentence = _("The decision is expected before the call has closed and its reviews are in.")
        yield Lack("decision_too_early", sentence, "dates")
    if call.kind == CallKind.REMOTE_ACCESS and not (call.use_from and call.use_until):
        yield Lack("no_use_window", _("Say from when until when the hours can be used."), "dates")
    if not _in_order(call.decision_on or closing, call.use_from) or not _in_order(closing, call.use_until):
        yield Lack("use_too_early", _("What it gives could be used before it is decided."), "dates")


def _in_order(earlier: date, later: date | None) -> bool:
    return later is None or earlier <= later


def _priority(call: Call) -> Iterator[Lack]:
    has_rule = bool(call.priority_countries or call.priority_stages)
    if has_rule and not (_says(call, "priority_why_en") and _says(call, "priority_why_fr")):
        yield Lack("no_priority_why", _("Say in English and French why some take priority; readers see it."), "who")
    if not has_rule and _says(call, "priority_why_en"):
        yield Lack("priority_of_nobody", _("There is a reason for priority, and nobody is said to take it."), "who")


def _criteria(call: Call) -> Iterator[Lack]:
    weights = list(call.criteria.values_list("weight", flat=True))
    if weights and sum(weights) != WHOLE:
        sentence = _("The weights of the criteria come to %(sum)d %%; they must come to 100 %%.")
        yield Lack("weights", sentence % {"sum": sum(weights)}, "criteria")
    if call.kind in JUDGED and not weights:
        yield Lack("no_criteria", _("Give at least one criterion for the reviewers."), "criteria")
    if call.kind in JUDGED and not call.reviews_wanted:
        yield Lack("no_reviews", _("Say how many reviews each application gets."), "criteria")
