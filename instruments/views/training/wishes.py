"""Wishes to be trained, gathered for those who run the instruments."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from instruments.actions import training as actions
from instruments.models import TrainingWish
from instruments.views.training.desk import check_runs_somewhere
from portal.accounts.requests import SignedInRequest
from portal.core.errors import Refused
from portal.core.forms import ReasonForm
from portal.core.paging import page_of

PER_PAGE = 50


@login_required
@require_safe
def wishes(request: SignedInRequest) -> HttpResponse:
    """By instrument, the longest wait first; staff see every laboratory's."""
    check_runs_somewhere(request)
    rows = TrainingWish.objects.waiting().to_laboratories_of(request.user).with_people().select_related("instrument")
    page = page_of(request, rows.order_by("instrument__name", "instrument", "created_at", "pk"), PER_PAGE)
    groups = [(instrument, list(found)) for instrument, found in groupby(page, lambda row: row.instrument)]
    return render(request, "instruments/training_wishes.html", {"page": page, "groups": groups})


@login_required
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Answer a wish that no training will."""
    rows = TrainingWish.objects.waiting().to_laboratories_of(request.user).select_related("instrument", "user")
    wish = get_object_or_404(rows, pk=pk)
    form = ReasonForm(request.POST or None, longest=300, hint=str(_("The person reads this.")))
    context: dict[str, Any] = {"wish": wish, "form": form}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.answer_wish(wish, by=request.user, why=form.cleaned_data["why"])
            except Refused as error:
                context["reasons"], status = error.reasons, error.status
            else:
                messages.success(request, _("%(name)s is told.") % {"name": wish.user})
                return redirect("trainings:wishes")
    return render(request, "instruments/training_wish_answer.html", context, status=status)
