"""How a training ended for each who had a place: entered by the laboratory, by several at once if need be."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from instruments.actions import training as actions
from instruments.enums import TrainingState
from instruments.forms import ResultsForm
from instruments.models import Training
from instruments.views.training.desk import run_by
from portal.accounts.requests import SignedInRequest
from portal.core.errors import Conflict


@login_required
def results(request: SignedInRequest, ref: str) -> HttpResponse:
    """How it ended for each participant, between its end and its closing."""
    training = run_by(request, ref)
    if training.state != TrainingState.HELD:
        return redirect(training)
    form = ResultsForm(_given(training), request.user.pk, request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.record_results(training, form.results, by=request.user, seen=form.seen)
            except Conflict as conflict:
                form, status = _beside(training, request, form), conflict.status
            else:
                messages.success(request, _("Saved. Close the training when every result is in."))
                return redirect(training)
    context = {"training": training, "form": form}
    return render(request, "instruments/training_results.html", context, status=status)


def _given(training: Training) -> list[Any]:
    return list(training.places.given().with_people().order_by("user__name", "pk"))


def _beside(training: Training, request: SignedInRequest, typed: ResultsForm) -> ResultsForm:
    """What was typed, and at each result that a colleague entered meanwhile what it is; sent again it replaces that."""
    data, others = request.POST.copy(), []
    places = _given(training)
    for place in places:
        stored, own = (place.result, place.note), typed.results.get(place.pk)
        if own not in (None, stored) and typed.seen[place.pk] != actions.version_of_result(*stored):
            others.append(place)
        data[f"seen_{place.pk}"] = actions.version_of_result(*stored)
        if own is None:
            data[f"result_{place.pk}"], data[f"note_{place.pk}"] = stored
    form = ResultsForm(places, request.user.pk, data)
    for place in others:
        words = ", ".join(filter(None, [place.get_result_display() or _("Still open"), place.note]))
        sentence = _("A colleague entered this meanwhile: %(words)s. Choose theirs, or save again to keep yours.")
        form.add_error(f"result_{place.pk}", sentence % {"words": words})
    return form
