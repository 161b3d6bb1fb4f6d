"""Needs as their people see them: begin, look through, hand in, take back, renew, copy."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calls.models import Award
from donations.actions import need as actions
from donations.actions.draft import may_write
from donations.enums import NeedState
from donations.forms.need import StartForm
from donations.models import Match, Need
from donations.need_steps import STEPS
from donations.querysets.people import led_by
from donations.said import Line, said, wanted_words
from donations.steps import Step, missing
from donations.views import drafting
from donations.views.need.kind import NEED
from donations.words import history_in_words
from portal.accounts.enums import OrganisationState
from portal.accounts.models import Organisation
from portal.accounts.requests import SignedInRequest
from portal.core.deeds import DONE, done, done_with
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.forms import ReasonForm
from portal.core.paging import page_of

either_way = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@login_required
def own_list(request: SignedInRequest) -> HttpResponse:
    """What this person asked for, or an organisation that they lead; the newest first."""
    rows = Need.objects.own(request.user).for_list().order_by("-pk")
    return render(request, "donations/need_own.html", {"page": page_of(request, rows)})


@either_way
@login_required
def start(request: SignedInRequest) -> HttpResponse:
    """Choose the organisation and begin; from an award (`?award=`) it is the award's, and one button is enough."""
    award = _award(request)
    places = _places(request, award)
    form = StartForm(request.POST if request.method == "POST" else None, places)
    made: list[Need] = []
    status = done_with(
        request,
        form,
        lambda typed: made.append(actions.start(typed["organisation"], by=request.user, award=award)),
        _("Begun. Everything you type is saved; go on whenever you like."),
    )
    if status == DONE:
        return redirect(made[0])
    context = {"form": form, "award": award, "has_places": places.exists()}
    return render(request, "donations/need_start.html", context, status=status)


@require_safe
@login_required
def check(request: HttpRequest, ref: str) -> HttpResponse:
    """All answers before they are handed in, each with a way to change it."""
    need = _writable(request, ref)
    return _check(request, need, [Reason(step.name, sentence) for step, sentence in missing(need, STEPS)])


@require_POST
@login_required
def hand_in(request: HttpRequest, ref: str) -> HttpResponse:
    """Give it to staff; what is missing is said with a way to each section."""
    need = _managed(request, ref)
    try:
        actions.hand_in(need, by=request.user)
    except Refused as refusal:
        if not may_write(need, request.user):
            raise
        return _check(request, need, list(refusal.reasons), refusal.status)
    return redirect(need)


@either_way
@login_required
def withdraw(request: HttpRequest, ref: str) -> HttpResponse:
    need = _managed(request, ref)
    form = ReasonForm(
        request.POST if request.method == "POST" else None,
        longest=500,
        required=False,
        hint=_("Donors whom we have asked about a match of it read this."),
    )
    status = done_with(
        request,
        form,
        lambda typed: actions.withdraw(need, why=typed["why"], by=request.user),
        _("It is withdrawn. What both sides had accepted stays."),
    )
    if status == DONE:
        return redirect(need)
    return render(request, "donations/need_withdraw.html", {"need": need, "form": form}, status=status)


@require_POST
@login_required
def renew(request: HttpRequest, ref: str) -> HttpResponse:
    need = _managed(request, ref)
    done(request, lambda: actions.renew(need, by=request.user), _("It stays open for a year from today."))
    return redirect(need)


@require_POST
@login_required
def copy(request: HttpRequest, ref: str) -> HttpResponse:
    """A new draft that says the same."""
    need = _managed(request, ref)
    made: list[Need] = []
    words = _("This is a copy. Look through its sections and hand it in.")
    status = done(request, lambda: made.append(actions.copy(need, by=request.user)), words)
    return redirect(made[0] if status == 200 else need)


def own_page(request: HttpRequest, need: Need) -> HttpResponse:
    """A draft or returned need as a list of tasks; else what it says and what became of it."""
    is_draft = may_write(need, request.user)
    context = drafting.frame(need, NEED) | {
        "need": need,
        "tasks": drafting.tasks_of(need, NEED) if is_draft else [],
        "said": [] if is_draft else _said(need),
        "photos": need.photos.all(),
        "matches": Match.objects.visible_to(request.user).filter(need=need).for_list().exclude(approved_at=None),
        "history": history_in_words(need),
        "can_withdraw": actions.can_withdraw(need),
        "can_renew": need.state == NeedState.OPEN,
        "can_copy": need.state != NeedState.DRAFT,
    }
    return render(request, "donations/need_own_detail.html", context)


def _check(request: HttpRequest, need: Need, reasons: list[Reason], status: int = 200) -> HttpResponse:
    urls = {task.name: f"{task.url}?check=1" for task in drafting.tasks_of(need, NEED)}
    context = drafting.frame(need, NEED) | {
        "reasons": [(reason.message, urls.get(reason.code, "")) for reason in reasons],
        "is_refused": status != 200,
        "said": _said(need, lambda step: NEED.url("step", need, step.name)),
        "photos": need.photos.all(),
        "hand_in_url": NEED.url("hand_in", need),
    }
    return render(request, "donations/need_check.html", context, status=status)


def _said(need: Need, url: Callable[[Step], str] | None = None) -> list[tuple[Step, list[Line], str]]:
    """The sections with their answers, what is asked of features and the number of photographs among them."""
    asked = "\n".join(
        words if is_must else _("%(words)s (good to have)") % {"words": words}
        for words, is_must in wanted_words(need.requirements.all())
    )
    number = need.photos.count()
    more = {
        "must": Line("requirements", _("To be compared"), asked, False),
        "photos": Line("photos", _("Number"), str(number or ""), False),
    }
    return [
        (step, [line for line in [more.get(step.name), *lines] if line is not None and line.words], there)
        for step, lines, there in said(need, STEPS, url=url)
    ]


def _award(request: SignedInRequest) -> Award | None:
    ref = request.GET.get("award", "")
    if not ref:
        return None
    if not ref.isascii() or not ref.isalnum():
        raise Http404
    return get_object_or_404(Award.objects.visible_to(request.user).for_list(), ref=ref)


def _places(request: SignedInRequest, award: Award | None) -> Any:
    """The organisations for which this person may state a need."""
    rows = Organisation.objects.filter(state=OrganisationState.VERIFIED).order_by("name")
    if award is not None:
        fits = actions.may_state(request.user, award.organisation, award)
        return rows.filter(pk=award.organisation_id) if fits else rows.none()
    return rows.filter(pk__in=led_by(request.user))


def _managed(request: HttpRequest, ref: str) -> Need:
    need: Need = get_object_or_404(Need.objects.visible_to(request.user).for_list(), ref=ref)
    if not request.user.has_perm("donations.manage_need", need):
        raise Forbidden
    return need


def _writable(request: HttpRequest, ref: str) -> Need:
    need = _managed(request, ref)
    if not may_write(need, request.user):
        raise Forbidden
    return need
