"""Agreements: staff write and offer them, operators read and answer, both take the paper home."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from instruments import agreement_words
from instruments.actions import agreement as actions
from instruments.actions.agreement_clock import WARN_DAYS
from instruments.enums import AgreementState
from instruments.forms.agreement import AgreementFilterForm, AgreementForm, SignForm
from instruments.models import Agreement, Instrument
from instruments.states import AGREEMENT_MOVES
from instruments.views.training.desk import check_runs_somewhere
from portal.accounts.requests import SignedInRequest
from portal.audit.actions import history_of
from portal.core import drafting
from portal.core.access import staff_only
from portal.core.deeds import DONE, done, done_with
from portal.core.errors import Conflict, Refused
from portal.core.files import no_store
from portal.core.forms import ReasonForm
from portal.core.machine import can_move
from portal.core.paging import page_of

HISTORY = 20
# Verb -> (button, what happens, what the reason is for: empty where none is asked).
MOVE_WORDS: dict[str, tuple[Promise, Promise, Promise | str]] = {
    "offer": (
        gettext_lazy("Put it to the laboratory"),
        gettext_lazy("Its operators get a mail and can agree or decline. It cannot be changed any more."),
        "",
    ),
    "agree": (
        gettext_lazy("Agree"),
        gettext_lazy("It holds from its first day. Staff are told."),
        "",
    ),
    "decline": (
        gettext_lazy("Do not agree"),
        gettext_lazy("Staff are told and can propose other words."),
        gettext_lazy("Staff read this: say what would have to be different."),
    ),
    "withdraw": (
        gettext_lazy("Take it back"),
        gettext_lazy("Nobody can agree to it any more. This cannot be undone."),
        gettext_lazy("The laboratory reads this, if it has it before it."),
    ),
    "end": (
        gettext_lazy("End it before its last day"),
        gettext_lazy("Both sides are told. This cannot be undone."),
        gettext_lazy("Both sides read this."),
    ),
}
DANGEROUS = ("decline", "withdraw", "end")
DEEDS: dict[str, Callable[..., Agreement]] = {
    "offer": actions.offer_agreement,
    "agree": actions.agree_agreement,
    "decline": actions.decline_agreement,
    "withdraw": actions.withdraw_agreement,
    "end": actions.end_agreement,
}
HISTORY_WORDS = {
    "create": pgettext_lazy("agreement", "Written"),
    "update": pgettext_lazy("agreement", "Changed"),
    "offer": pgettext_lazy("agreement", "Put to the laboratory"),
    "agree": pgettext_lazy("agreement", "Agreed"),
    "decline": pgettext_lazy("agreement", "Declined"),
    "withdraw": pgettext_lazy("agreement", "Taken back"),
    "warn": pgettext_lazy("agreement", "Reminded of its end"),
    "end": pgettext_lazy("agreement", "Ended"),
}


@require_safe
@login_required
def listing(request: SignedInRequest) -> HttpResponse:
    """All for staff, those of their laboratories for operators; the newest first, or those that end soon."""
    check_runs_somewhere(request)
    form = AgreementFilterForm(request.GET)
    rows = Agreement.objects.visible_to(request.user).select_related("instrument", "organisation")
    if not form.is_valid():
        rows = rows.none()
    elif form.cleaned_data["ending"]:
        rows = rows.ending_by((timezone.now() + timedelta(days=max(WARN_DAYS))).date())
    if form.cleaned_data.get("state"):
        rows = rows.filter(state=form.cleaned_data["state"])
    context = {"filter": form, "page": page_of(request, rows), "is_filtered": any(request.GET.values())}
    return render(request, "instruments/agreement_list.html", context)


@require_safe
@login_required
def detail(request: SignedInRequest, ref: str) -> HttpResponse:
    agreement = _visible(request, ref)
    verbs = [verb for verb in AGREEMENT_MOVES if _can(request, verb, agreement)]
    is_staff, was_agreed = request.user.is_staff, agreement.state in (AgreementState.AGREED, AgreementState.ENDED)
    may_follow = is_staff and was_agreed and not agreement.instrument.is_final
    following = Agreement.objects.visible_to(request.user).filter(renews=agreement).first()
    context = {
        "agreement": agreement,
        "facts": agreement_words.facts(agreement),
        "moves": [{"verb": verb, "label": MOVE_WORDS[verb][0], "is_danger": verb in DANGEROUS} for verb in verbs],
        "may_edit": is_staff and agreement.state == AgreementState.DRAFT,
        "may_renew": may_follow and following is None,
        "following": following,
        "history": [(HISTORY_WORDS.get(entry.verb, entry.verb), entry) for entry in history_of(agreement)[:HISTORY]],
    }
    return render(request, "instruments/agreement_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def create(request: SignedInRequest) -> HttpResponse:
    """A new draft about `?instrument=`; the laboratory's proposal stands in it already."""
    slug = request.GET.get("instrument", "").replace("\0", "")
    instrument: Instrument = get_object_or_404(Instrument.objects.select_related("organisation"), slug=slug)
    form = AgreementForm(request.POST if request.method == "POST" else None, instrument=instrument)
    made: list[Agreement] = []

    def deed(_typed: dict[str, Any]) -> None:
        made.append(actions.draft_agreement(instrument, by=request.user, **form.values))

    status = done_with(request, form, deed, _("Saved as a draft. Read it once more, then put it to the laboratory."))
    if status == DONE:
        return redirect(made[0])
    return _form_page(request, {"form": form, "instrument": instrument}, status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def edit(request: SignedInRequest, ref: str) -> HttpResponse:
    """Change a draft. What somebody else saved meanwhile is shown beside (409); once offered, what was typed stays."""
    agreement = _visible(request, ref)
    if agreement.state != AgreementState.DRAFT and request.method != "POST":
        return redirect(agreement)
    instrument = agreement.instrument
    form = AgreementForm(request.POST if request.method == "POST" else None, agreement=agreement, instrument=instrument)
    context: dict[str, Any] = {"form": form, "agreement": agreement, "instrument": instrument}
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            version = form.cleaned_data["version"]
            try:
                actions.change_agreement(agreement, by=request.user, version=version, **form.values)
            except Conflict as conflict:
                return _both(request, ref, context, conflict)
            except Refused as refusal:
                status = refusal.status
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Saved."))
                return redirect(agreement)
    return _form_page(request, context, status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def move(request: SignedInRequest, ref: str, verb: str) -> HttpResponse:
    """GET says what the move does (and asks what it needs), POST does it."""
    if verb not in DEEDS:
        raise Http404
    agreement = _visible(request, ref)
    if not actions.may(request.user, verb, agreement):
        raise PermissionDenied
    label, effect, hint = MOVE_WORDS[verb]
    form: Any = None
    posted = request.POST if request.method == "POST" else None
    if verb == "agree":
        form = SignForm(posted)
    elif hint:
        form = ReasonForm(posted, longest=1000, hint=str(hint))
    status = 200
    if request.method == "POST":
        status = 400
        if form is None or form.is_valid():
            typed = {name: form.cleaned_data[name] for name in ("signatory", "why") if form and name in form.fields}
            if verb == "offer":
                typed["version"] = request.POST.get("version", "")
            words = _("Done: %(move)s.") % {"move": label}
            status = done(request, lambda: DEEDS[verb](agreement, by=request.user, **typed), words, form)
            if status == 200:
                return redirect(agreement)
            agreement = _visible(request, ref)
    context = {
        "agreement": agreement,
        "version": actions.version_of(agreement) if verb == "offer" else "",
        "facts": agreement_words.facts(agreement),
        "label": label,
        "effect": effect,
        "form": form,
        "is_danger": verb in DANGEROUS,
    }
    return render(request, "instruments/agreement_move.html", context, status=status)


@require_POST
@staff_only
def renew(request: SignedInRequest, ref: str) -> HttpResponse:
    """A draft in the same words for the time after."""
    agreement = _visible(request, ref)
    try:
        following = actions.renew_agreement(agreement, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(agreement)
    messages.success(request, _("A draft in the same words. Look at it, then put it to the laboratory."))
    return redirect(following)


@require_safe
@login_required
def document(request: SignedInRequest, ref: str) -> HttpResponse:
    """The agreement as PDF, in the reader's language."""
    agreement = _visible(request, ref)
    response = HttpResponse(agreement_words.drawn(agreement), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="agreement-{agreement.ref}.pdf"'
    return no_store(response)


def _visible(request: SignedInRequest, ref: str) -> Agreement:
    rows = Agreement.objects.visible_to(request.user).select_related(
        "instrument", "organisation", "offered_by", "agreed_by", "renews"
    )
    return get_object_or_404(rows, ref=ref)


def _can(request: SignedInRequest, verb: str, agreement: Agreement) -> bool:
    return can_move(AGREEMENT_MOVES, verb, agreement.state) and actions.may(request.user, verb, agreement)


def _both(request: SignedInRequest, ref: str, context: dict[str, Any], conflict: Conflict) -> HttpResponse:
    """What was typed beside what is stored; sent again, it carries the stored version and so may replace it."""
    agreement = _visible(request, ref)
    data = request.POST.copy()
    data["version"] = str(conflict.version)
    form = AgreementForm(data, agreement=agreement, instrument=agreement.instrument)
    rows = drafting.both(form, AgreementForm(agreement=agreement, instrument=agreement.instrument))
    form.errors.clear()
    return _form_page(request, context | {"form": form, "rows": rows, "conflict": conflict}, conflict.status)


def _form_page(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    rows = {"rows": [(bound, "") for bound in context["form"]]}
    return render(request, "instruments/agreement_form.html", rows | context, status=status)
