"""Wishes to be trained, gathered for the laboratory until it offers a training or answers."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from instruments import notices
from instruments.actions.training.common import brief, permit, told
from instruments.enums import WishState
from instruments.models import Instrument, Training, TrainingWish
from instruments.states import WISH_MOVES
from portal.accounts.models import User
from portal.audit.actions import record, record_each
from portal.core.errors import Forbidden, Reason, Refused, WrongState
from portal.core.machine import next_state
from portal.notifications.actions import notify, reader

MOST = 20  # wishes of one person that wait at a time


@transaction.atomic
def wish_for_training(instrument: Instrument, *, by: User, note: str = "") -> TrainingWish:
    """Ask to be trained on it; asking again while it waits changes nothing but what it is for."""
    if not by.is_authenticated:
        raise Forbidden
    if not (instrument.is_listed or instrument.is_suspended):
        raise Refused(Reason("not_listed", _("This instrument is not offered.")))
    User.objects.select_for_update().get(pk=by.pk)  # two clicks at once make one wish
    text = brief(note)
    own = TrainingWish.objects.waiting().filter(user=by)
    wish = own.filter(instrument=instrument).first()
    if wish is not None:
        if wish.note != text:
            wish.note = text
            wish.save(update_fields=["note", "updated_at"])
        return wish
    if own.count() >= MOST:
        raise Refused(Reason("many_wishes", _("You ask for %(count)d trainings already.") % {"count": MOST}))
    wish = TrainingWish.objects.create(instrument=instrument, user=by, note=text)
    record(wish, "wish", by=by, after=wish.state)
    return wish


@transaction.atomic
def leave_wish(wish: TrainingWish, *, by: User) -> TrainingWish:
    """Take the own wish back."""
    fresh = _locked(wish)
    if fresh.user_id != by.pk:
        raise Forbidden
    return _move(fresh, "leave", by)


@transaction.atomic
def answer_wish(wish: TrainingWish, *, by: Any, why: str) -> TrainingWish:
    """Answer one that no training will: the person reads the sentence."""
    fresh = _locked(wish)
    permit(by, "answer_wish", fresh)
    answer = told(why)
    _move(fresh, "answer", by, answer)
    people = [reader(fresh.user)] if fresh.user.is_active else []
    notify(notices.WISH_ANSWERED, f"wish:{fresh.pk}", people, {"wish": fresh.pk, "why": answer})
    return fresh


def answer_by_training(training: Training, *, by: Any) -> list[User]:
    """Answer the wishes that this training speaks to; return whose they were, each once, without the inactive."""
    fits = Q(instrument=training.instrument_id)
    if training.technique is not None:
        taught = Instrument.objects.of_technique(training.technique.slug).filter(organisation=training.organisation)
        fits = Q(instrument__in=taught)
    rows = TrainingWish.objects.waiting().filter(fits).select_related("user").select_for_update(of=("self",))
    wishes = list(rows.order_by("pk"))
    answered = next_state(WISH_MOVES, "answer", WishState.WAITING)
    TrainingWish.objects.filter(pk__in=[wish.pk for wish in wishes]).update(state=answered, updated_at=timezone.now())
    record_each(wishes, "answer", by=by, before=WishState.WAITING, after=WishState.ANSWERED, why=training.title)
    return list({wish.user_id: wish.user for wish in wishes if wish.user.is_active}.values())


def _locked(wish: TrainingWish) -> TrainingWish:
    rows = TrainingWish.objects.select_for_update(of=("self",)).select_related("instrument", "user")
    fresh = rows.filter(pk=wish.pk).first()
    if fresh is None:
        raise WrongState("answer", "")
    return fresh


def _move(wish: TrainingWish, verb: str, by: Any, why: str = "") -> TrainingWish:
    before, wish.state = wish.state, next_state(WISH_MOVES, verb, wish.state)
    wish.save(update_fields=["state", "updated_at"])
    record(wish, verb, by=by, before=before, after=wish.state, why=why)
    return wish
