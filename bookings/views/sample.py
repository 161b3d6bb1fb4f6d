"""Samples: the list, one of them, and what its people and the laboratory do with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.actions import sample as actions
from bookings.forms import SampleForm, ShipForm
from bookings.models import Sample
from bookings.states import SAMPLE_MOVES
from bookings.words import sample_history_in_words
from calls.models import ApplicationSample, Award
from portal.accounts.requests import SignedInRequest
from portal.core.errors import Forbidden, Refused
from portal.core.forms import ReasonForm
from portal.core.machine import can_move
from portal.core.paging import page_of

either_way = require_http_methods(["GET", "HEAD", "POST"])
DONE = {
    "receive": gettext_lazy("Received. Those who sent it have been told."),
    "mount": gettext_lazy("Mounted."),
    "dismount": gettext_lazy("Taken off the instrument."),
    "give_back": gettext_lazy("Noted: it is on its way back."),
    "destroy": gettext_lazy("Noted: it is destroyed."),
    "consume": gettext_lazy("Noted: it is used up."),
    "lose": gettext_lazy("Noted: it is lost."),
}


@login_required
@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """Samples of which something is still to become; `?past=1` the others, `?award=` those of one award."""
    rows = Sample.objects.visible_to(request.user).for_page()
    ref = request.GET.get("award", "").replace("\0", "")
    award = Award.objects.visible_to(request.user).filter(ref=ref).first() if ref else None
    if ref:
        rows = rows.filter(award__ref=ref)
    past = "past" in request.GET
    page = page_of(request, rows.exclude(pk__in=rows.open().values("pk")) if past else rows.open())
    can_declare = award is not None and request.user.has_perm("bookings.declare_sample", award)
    context = {"page": page, "past": past, "award": award, "ref": ref, "can_declare": can_declare}
    return render(request, "bookings/sample_list.html", context)


@login_required
@require_safe
def detail(request: SignedInRequest, ref: str) -> HttpResponse:
    sample = _find(request, ref)
    sends, handles = (request.user.has_perm(f"bookings.{verb}_sample", sample) for verb in ("send", "handle"))

    def verbs(*names: str) -> list[str]:
        return [name for name in names if can_move(SAMPLE_MOVES, name, sample.state)]

    context = {
        "sample": sample,
        "history": sample_history_in_words(sample),
        "is_sent_by_reader": sends and can_move(SAMPLE_MOVES, "ship", sample.state),
        "may": verbs("receive", "mount", "dismount", "refuse") if handles else [],
        "ends": verbs("give_back", "destroy", "consume") if handles else [],
        "may_lose": (sends or handles) and can_move(SAMPLE_MOVES, "lose", sample.state),
    }
    return render(request, "bookings/sample_detail.html", context)


@login_required
@either_way
def declare(request: SignedInRequest, award: str) -> HttpResponse:
    """A new sample of an award; `?booking=` names the booking it is for, `?like=` a sample it resembles."""
    row = get_object_or_404(Award.objects.visible_to(request.user).for_list(), ref=award, kind="hours")
    if not request.user.has_perm("bookings.declare_sample", row):
        raise Forbidden
    form = SampleForm(row, request.POST if request.method == "POST" else None, initial=_suggested(request, row))

    def deed() -> Sample:
        typed = form.cleaned_data
        return actions.declare_sample(row, form.columns(), by=request.user, booking=typed["booking"])

    back = reverse("samples:list") + f"?award={row.ref}"
    words = (_("The sample is declared."), "bookings/sample_form.html")
    return _with_form(request, form, deed, *words, award=row, back=back, declared=_of_application(row))


@login_required
@either_way
def change(request: SignedInRequest, ref: str) -> HttpResponse:
    sample = _sent(request, ref)
    form = SampleForm(sample.award, request.POST if request.method == "POST" else None, instance=sample)
    kept = _find(request, ref)  # the form writes what was typed on its own instance

    def deed() -> Sample:
        typed = form.cleaned_data
        return actions.change_sample(kept, form.columns(), by=request.user, booking=typed["booking"])

    words = (_("The sample is changed."), "bookings/sample_form.html")
    return _with_form(request, form, deed, *words, award=kept.award, sample=kept, back=kept.get_absolute_url())


@login_required
@require_POST
def remove(request: SignedInRequest, ref: str) -> HttpResponse:
    sample = _sent(request, ref)
    actions.remove_sample(sample, by=request.user)
    messages.success(request, _("The sample is taken off the list."))
    return redirect(reverse("samples:list") + f"?award={sample.award.ref}")


@login_required
@either_way
def ship(request: SignedInRequest, ref: str) -> HttpResponse:
    sample = _sent(request, ref)
    form = ShipForm(request.POST if request.method == "POST" else None)

    def deed() -> Sample:
        return actions.ship_sample(sample, by=request.user, **form.cleaned_data)

    words = (_("The laboratory has been told that it is on its way."), "bookings/sample_ship.html")
    return _with_form(request, form, deed, *words, sample=sample)


@login_required
@either_way
def refuse(request: SignedInRequest, ref: str) -> HttpResponse:
    sample = _find(request, ref)
    if not request.user.has_perm("bookings.handle_sample", sample):
        raise Forbidden
    form = ReasonForm(request.POST if request.method == "POST" else None, longest=500)

    def deed() -> Sample:
        return actions.refuse_sample(sample, by=request.user, why=form.cleaned_data["why"])

    words = (_("Refused. Those who declared it have been told why."), "bookings/sample_refuse.html")
    return _with_form(request, form, deed, *words, sample=sample)


@login_required
@require_POST
def move(request: SignedInRequest, ref: str, verb: str) -> HttpResponse:
    """A step that needs no words: received, mounted, sent back ...; `next=lab` goes on at the laboratory's page."""
    sample = _find(request, ref)
    if verb not in DONE:
        raise Http404
    actions.move_sample(sample, verb, by=request.user)
    messages.success(request, str(DONE[verb]))
    return redirect("lab:index") if request.POST.get("next") == "lab" else redirect(sample)


def _find(request: SignedInRequest, ref: str) -> Sample:
    """The sample, if this person may see it; else 404."""
    return get_object_or_404(Sample.objects.visible_to(request.user).for_page(), ref=ref)


def _sent(request: SignedInRequest, ref: str) -> Sample:
    """The same for those who send it: Forbidden for the laboratory."""
    sample = _find(request, ref)
    if not request.user.has_perm("bookings.send_sample", sample):
        raise Forbidden
    return sample


def _suggested(request: SignedInRequest, award: Award) -> dict[str, Any]:
    """What the form begins with: the booking it was opened from, the declared sample it was opened for."""
    booking = award.bookings.filter(ref=request.GET.get("booking", "").replace("\0", "")).first()
    like = request.GET.get("like", "")
    found = _of_application(award).filter(pk=int(like)) if like.isdecimal() and len(like) < 10 else None
    values = found.values(*actions.COLUMNS).first() if found is not None else None
    return (values or {}) | ({"booking": booking} if booking else {})


def _of_application(award: Award) -> Any:
    """What the application that led to the award declared: nobody types it twice."""
    rows = ApplicationSample.objects.filter(application=award.application_id)
    return rows if award.application_id else rows.none()


def _with_form(
    request: SignedInRequest, form: Any, deed: Callable[[], Sample], success: str, template: str, **context: Any
) -> HttpResponse:
    """Show the form; on a good POST do the deed and go to the sample, on a bad one show it again with sentences."""
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                sample = deed()
            except Refused as refusal:
                form.add_error(None, [reason.message for reason in refusal.reasons])
                status = refusal.status
            else:
                messages.success(request, success)
                return redirect(sample)
    return render(request, template, {"form": form, **context}, status=status)
