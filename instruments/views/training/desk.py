"""Trainings as the laboratory runs them: written, moved along, places answered."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from instruments.actions import training as actions
from instruments.enums import PlaceState, TrainingState
from instruments.forms import ManagedFilterForm, ParticipantForm, TrainingForm
from instruments.models import Instrument, Training
from instruments.states import TRAINING_MOVES
from portal.accounts.enums import Role
from portal.accounts.models import Membership
from portal.accounts.requests import SignedInRequest
from portal.audit.actions import history_of
from portal.core import drafting
from portal.core.errors import Conflict, Refused
from portal.core.forms import ReasonForm
from portal.core.machine import can_move
from portal.core.paging import page_of

HISTORY = 20
PARTICIPANTS = 50  # on a page
Words = tuple[Promise, Promise, Promise | str]
# Verb -> (button, what happens, what the reason is for: empty where none is asked).
MOVE_WORDS: dict[str, Words] = {
    "publish": (
        _("Publish"),
        _("Everybody sees it and can ask for a place. Those who asked to be trained on this are told."),
        "",
    ),
    "hold": (
        _("It has taken place"),
        _("Nobody can ask for a place any more, and those who still wait are told that there was none."),
        "",
    ),
    "close": (
        _("Close and hand out certificates"),
        _("Those who passed get their certificate, all are told how it ended. Results cannot be changed any more."),
        "",
    ),
    "cancel": (
        _("Cancel the training"),
        _("This cannot be undone."),
        _("Those who asked for a place or have one read this."),
    ),
}
HISTORY_WORDS = {
    "create": pgettext_lazy("training", "Created"),
    "update": pgettext_lazy("training", "Changed"),
    "publish": pgettext_lazy("training", "Published"),
    "hold": _("Held"),
    "close": pgettext_lazy("training", "Closed"),
    "cancel": _("Cancelled"),
}
DEEDS: dict[str, Callable[..., Training]] = {
    "publish": actions.publish_training,
    "hold": actions.hold_training,
    "close": actions.close_training,
    "cancel": actions.cancel_training,
}
FIELDS = {"nobody": "email", "name": "email", "own_certificate": "email"}


@login_required
@require_safe
def managed(request: SignedInRequest) -> HttpResponse:
    """The trainings of the laboratories this person runs; all for staff."""
    check_runs_somewhere(request)
    form = ManagedFilterForm(request.GET)
    rows = Training.objects.managed_by(request.user).for_lists().order_by("-starts_at", "-pk")
    if form.is_valid() and form.cleaned_data["state"]:
        rows = rows.filter(state=form.cleaned_data["state"])
    elif not form.is_valid():
        rows = rows.none()
    context = {"filter": form, "page": page_of(request, rows), "is_filtered": any(request.GET.values())}
    return render(request, "instruments/training_managed.html", context)


@login_required
def create(request: SignedInRequest) -> HttpResponse:
    """A new draft; `?instrument=` says for which, as the page of wishes links here."""
    check_runs_somewhere(request)
    chosen = Instrument.objects.managed_by(request.user).filter(
        slug=request.GET.get("instrument", "").replace("\0", "")
    )
    form = TrainingForm(request.user, request.POST or None, initial={"instrument": chosen.first()})
    if request.method == "POST" and form.is_valid():
        try:
            training = actions.create_training(by=request.user, **form.values)
        except Refused as error:
            show(form, error)
        else:
            messages.success(request, _("Saved as a draft. Publish it when it is ready."))
            return redirect(training)
    context = {"form": form, "rows": [(bound, "") for bound in form]}
    return render(request, "instruments/training_form.html", context, status=422 if form.errors else 200)


@login_required
def edit(request: SignedInRequest, ref: str) -> HttpResponse:
    training = run_by(request, ref)
    if training.state not in (TrainingState.DRAFT, TrainingState.PUBLISHED):
        return redirect(training)
    form = TrainingForm(request.user, request.POST or None, training)
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.values.items() if name != "organisation"}
        try:
            actions.update_training(training, by=request.user, version=form.cleaned_data["version"], **values)
        except Conflict as conflict:
            return _both(request, ref, conflict)
        except Refused as error:
            show(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect(training)
    context = {"form": form, "training": training, "rows": [(bound, "") for bound in form]}
    return render(request, "instruments/training_form.html", context, status=422 if form.errors else 200)


def _both(request: SignedInRequest, ref: str, conflict: Conflict) -> HttpResponse:
    """What was typed beside what is stored; sent again, it carries the stored version and so may replace it."""
    training = run_by(request, ref)
    data = request.POST.copy()
    data["version"] = str(conflict.version)
    form = TrainingForm(request.user, data, training)
    form.is_valid()
    rows = drafting.both(form, TrainingForm(request.user, None, training))
    context = {"form": form, "training": training, "rows": rows, "conflict": conflict}
    return render(request, "instruments/training_form.html", context, status=conflict.status)


@login_required
def move(request: SignedInRequest, ref: str, verb: str) -> HttpResponse:
    """GET says what the move does (and asks why, where that is told), POST does it.

    What is published is shown, and is what was looked at: it is shown again where a colleague changed it (409).
    """
    if verb not in DEEDS:
        raise Http404
    training = run_by(request, ref)
    label, effect, hint = MOVE_WORDS[verb]
    form = ReasonForm(request.POST or None, longest=300, hint=str(hint)) if hint else None
    context: dict[str, Any] = {"label": label, "effect": effect, "form": form, "is_danger": bool(hint), "verb": verb}
    status = 200
    if request.method == "POST":
        status = 422
        if form is None or form.is_valid():
            asked = {"why": form.cleaned_data["why"]} if form else {}
            if verb == "publish":
                asked["version"] = request.POST.get("version", "")
            try:
                DEEDS[verb](training, by=request.user, **asked)
            except Refused as error:
                context["reasons"], status = error.reasons, error.status
                training = run_by(request, ref)
            else:
                messages.success(request, _("Done: %(move)s.") % {"move": label})
                return redirect(training)
    if verb == "publish":
        version = actions.version_of_training(training)
        context |= {"version": version, "free": training.capacity, "link": training.link}
    return render(request, "instruments/training_move.html", context | {"training": training}, status=status)


@login_required
@require_POST
def add(request: SignedInRequest, ref: str) -> HttpResponse:
    """Give a place to a named person."""
    training = run_by(request, ref)
    form = ParticipantForm(request.POST)
    if form.is_valid():
        try:
            place = actions.add_participant(training, form.cleaned_data["email"], by=request.user)
        except Refused as error:
            show(form, error)
        else:
            messages.success(request, _("%(name)s has a place now.") % {"name": place.user})
            return redirect(training)
    return render(request, "instruments/training_add.html", {"training": training, "form": form}, status=422)


@login_required
@require_POST
def give(request: SignedInRequest, ref: str, pk: int) -> HttpResponse:
    training = run_by(request, ref)
    place = get_object_or_404(training.places.select_related("training", "user"), pk=pk)
    actions.give_place(place, by=request.user)
    messages.success(request, _("%(name)s has a place now.") % {"name": place.user})
    return redirect(training)


@login_required
def refuse(request: SignedInRequest, ref: str, pk: int) -> HttpResponse:
    """Refuse a request, or take a place back, with a note for the person."""
    training = run_by(request, ref)
    place = get_object_or_404(training.places.select_related("training", "user"), pk=pk)
    hint = str(_("The person reads this."))
    form = ReasonForm(request.POST or None, longest=300, hint=hint, required=False)
    label = _("Take the place back") if place.state == PlaceState.GIVEN else _("Refuse the place")
    context: dict[str, Any] = {"training": training, "place": place, "form": form, "label": label, "is_danger": True}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                seen = request.POST.get("state", "")
                actions.refuse_place(place, by=request.user, why=form.cleaned_data["why"], seen=seen)
            except Refused as error:
                context["reasons"], status = error.reasons, error.status
            else:
                messages.success(request, _("%(name)s is told.") % {"name": place.user})
                return redirect(training)
    return render(request, "instruments/training_move.html", context, status=status)


def run_by(request: SignedInRequest, ref: str) -> Training:
    """The training, if this person runs it; 404 for the others."""
    rows = Training.objects.managed_by(request.user).select_related("organisation", "instrument", "technique")
    return get_object_or_404(rows, ref=ref)


def check_runs_somewhere(request: HttpRequest) -> None:
    """Raises PermissionDenied unless they are staff or an operator of some laboratory."""
    held = Membership.objects.confirmed().filter(user=request.user.pk, role=Role.OPERATOR)
    if not getattr(request.user, "is_staff", False) and not held.exists():
        raise PermissionDenied


def show(form: Any, error: Refused) -> None:
    """Put an action's sentences where the person reads them: at the fields they name, else on top."""
    for reason in error.reasons:
        field = FIELDS.get(reason.code, reason.code.removesuffix("_at"))
        form.add_error(field if field in form.fields else None, reason.message)


def manager_context(request: HttpRequest, training: Training) -> dict[str, Any]:
    """Participants with what can be done to each, the moves that the state allows, the history."""
    has_begun = training.starts_at <= timezone.now()
    moves = [verb for verb in TRAINING_MOVES if can_move(TRAINING_MOVES, verb, training.state)]
    if not has_begun and "hold" in moves:
        moves.remove("hold")
    return {
        "places": page_of(request, training.places.with_people().order_by("created_at", "pk"), PARTICIPANTS),
        "moves": [{"verb": verb, "label": MOVE_WORDS[verb][0], "is_danger": verb == "cancel"} for verb in moves],
        "may_edit": training.state in (TrainingState.DRAFT, TrainingState.PUBLISHED) and not has_begun,
        "may_place": training.state == TrainingState.PUBLISHED and not has_begun,
        "is_held": training.state == TrainingState.HELD,
        "participant_form": ParticipantForm(),
        "history": [(HISTORY_WORDS.get(entry.verb, entry.verb), entry) for entry in history_of(training)[:HISTORY]],
    }
