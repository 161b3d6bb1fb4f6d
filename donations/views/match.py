"""Pages of a match: for the two sides, and what staff do with it."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from donations.actions import match as actions
from donations.actions.match.answer import may_answer
from donations.enums import FollowUpState, MatchState, Side
from donations.forms.match import FailForm, MatchFilter
from donations.matching.words import in_words, parts_in_words
from donations.models import Match
from donations.states import MATCH_MOVES
from donations.words import history_in_words
from portal.core.access import staff_only
from portal.core.deeds import DONE, done, done_with
from portal.core.forms import ReasonForm
from portal.core.machine import can_move
from portal.core.paging import page_of

either_way = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@login_required
def match_list(request: HttpRequest) -> HttpResponse:
    """The matches this person may see, newest first; one state of them with `?state=`."""
    form = MatchFilter(request.GET)
    rows = Match.objects.visible_to(request.user).for_list()
    if form.is_valid() and form.cleaned_data["state"]:
        rows = rows.filter(state=form.cleaned_data["state"])
    return render(request, "donations/match_list.html", {"page_obj": page_of(request, rows), "filter": form})


@require_safe
@login_required
def detail(request: HttpRequest, ref: str) -> HttpResponse:
    return _page(request, found(request, ref))


@require_POST
@login_required
def accept(request: HttpRequest, ref: str, side: str) -> HttpResponse:
    match = found(request, ref)
    deed = partial(actions.accept_match, match, side=Side(side), by=request.user)
    status = done(request, deed, _("Thank you: your yes is noted and the other side is asked."))
    return redirect(match) if status == 200 else _page(request, match, status=status)


@either_way
@login_required
def refuse(request: HttpRequest, ref: str, side: str) -> HttpResponse:
    match = found(request, ref)
    form = ReasonForm(request.POST or None, longest=500, hint=_("The other side and staff read it."))
    status = done_with(
        request,
        form,
        lambda typed: actions.refuse_match(match, side=Side(side), by=request.user, why=typed["why"]),
        _("The match is turned down, and those concerned are told why."),
    )
    if status == DONE:
        return redirect(match)
    context = {"match": match, "form": form, "side": side}
    return render(request, "donations/match_refuse.html", context, status=status)


@require_POST
@staff_only
def approve(request: HttpRequest, ref: str) -> HttpResponse:
    match = found(request, ref)
    deed = partial(actions.approve_match, match, by=request.user)
    status = done(request, deed, _("Approved: both sides are asked and have two weeks to answer."))
    return redirect(match) if status == 200 else _page(request, match, status=status)


@either_way
@staff_only
def reject(request: HttpRequest, ref: str) -> HttpResponse:
    match = found(request, ref)
    form = ReasonForm(request.POST or None, longest=500, hint=_("Colleagues read it; the two sides know nothing yet."))
    status = done_with(
        request,
        form,
        lambda typed: actions.reject_match(match, by=request.user, why=typed["why"]),
        _("The proposal is taken back."),
    )
    if status == DONE:
        return redirect(match)
    return render(request, "donations/match_reject.html", {"match": match, "form": form}, status=status)


@either_way
@staff_only
def fail(request: HttpRequest, ref: str) -> HttpResponse:
    match = found(request, ref)
    form = FailForm(request.POST or None)
    status = done_with(
        request,
        form,
        lambda typed: actions.fail_match(match, by=request.user, why=typed["why"], lost=typed["lost"]),
        _("The match is given up, and both sides are told why."),
    )
    if status == DONE:
        return redirect(match)
    return render(request, "donations/match_fail.html", {"match": match, "form": form}, status=status)


def found(request: HttpRequest, ref: str) -> Match:
    """The match, if this person may see it; 404 otherwise."""
    return get_object_or_404(Match.objects.visible_to(request.user).for_list(), ref=ref)


def _page(request: HttpRequest, match: Match, status: int = 200) -> HttpResponse:
    user: Any = request.user
    is_open = match.state == MatchState.APPROVED and (match.answer_by is None or match.answer_by > timezone.now())
    sides = [side for side in Side if may_answer(user, match, side)]
    context = {
        "match": match,
        "reasons": in_words(match.reasons),
        "parts": parts_in_words(match.parts) if user.is_staff else [],
        "to_answer": [side for side in sides if is_open and not getattr(match, f"{side.value}_accepted_at")],
        "sides": [(side, getattr(match, f"{side.value}_accepted_at")) for side in Side],
        "moves": {verb: can_move(MATCH_MOVES, verb, match.state) for verb in MATCH_MOVES} if user.is_staff else {},
        "shipment": match.shipments.order_by("-pk").first(),
        "follow_ups": match.follow_ups.exclude(state=FollowUpState.CANCELLED).order_by("months"),
        "history": history_in_words(match) if user.is_staff else [],
    }
    return render(request, "donations/match_detail.html", context, status=status)
