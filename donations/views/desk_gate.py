"""The gate at the desk: one need or offer with its checklist, and what staff do with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from donations import need_steps
from donations.actions import gate
from donations.actions import need as need_actions
from donations.actions.offer.end import can_withdraw
from donations.checklist import AT_THE_GATE, checklist, checks_of, gaps
from donations.forms.gate import AskBackForm, ChecklistForm, ClearanceForm, RefuseForm, spoken_to
from donations.models import Need, Offer
from donations.offer_words import said_of
from donations.said import said, wanted_words
from donations.words import history_in_words
from portal.core.access import staff_only
from portal.core.deeds import done
from portal.core.errors import Refused

KINDS: dict[str, type[Need] | type[Offer]] = {"needs": Need, "offers": Offer}
Thing = Need | Offer


@require_safe
@staff_only
def need(request: HttpRequest, ref: str) -> HttpResponse:
    return _page(request, _found("needs", ref))


@require_safe
@staff_only
def offer(request: HttpRequest, offer: str) -> HttpResponse:
    return _page(request, _found("offers", offer))


@require_POST
@staff_only
def check(request: HttpRequest, kind: str, ref: str) -> HttpResponse:
    """Note the verdicts that were given."""
    thing = _found(kind, ref)
    form = ChecklistForm(request.POST, checklist(thing, checks_of(thing)))
    return _deed(
        request,
        thing,
        "checks",
        form,
        lambda: gate.check_points(thing, form.verdicts(), by=request.user),
        _("The checks are noted."),
    )


@require_POST
@staff_only
def go_on(request: HttpRequest, kind: str, ref: str) -> HttpResponse:
    """Verify the need or vet the offer."""
    thing = _found(kind, ref)
    try:
        if isinstance(thing, Need):
            gate.verify_need(thing, by=request.user)
        else:
            gate.vet_offer(thing, by=request.user)
    except Refused as refusal:
        return _page(request, thing, refusal.status, reasons=[reason.message for reason in refusal.reasons])
    messages.success(request, _("It is public, and its people are told."))
    return redirect(_address(thing), thing.ref)


@require_POST
@staff_only
def ask(request: HttpRequest, kind: str, ref: str) -> HttpResponse:
    """Send it back to its people with what has to be changed."""
    thing = _found(kind, ref)
    form = AskBackForm(request.POST, thing)
    return _deed(
        request,
        thing,
        "ask",
        form,
        lambda: gate.ask_back(thing, by=request.user, why=form.cleaned_data["why"], answer_by=form.answer_by()),
        _("It is with its people again, and they are told what to change."),
    )


@require_POST
@staff_only
def refuse(request: HttpRequest, kind: str, ref: str) -> HttpResponse:
    thing = _found(kind, ref)
    form = RefuseForm(request.POST, thing)
    return _deed(
        request,
        thing,
        "refuse",
        form,
        lambda: gate.refuse_thing(thing, by=request.user, **form.cleaned_data),
        _("Refused; its people read why, and nobody else."),
    )


@require_POST
@staff_only
def clearance(request: HttpRequest, ref: str) -> HttpResponse:
    """Ask for export clearance of an offer (`asked=1`), or no longer (`asked=0`)."""
    row = _found("offers", ref)
    is_asked = request.POST.get("asked") == "1"
    words = _("Export clearance is asked for.") if is_asked else _("Export clearance is no longer asked for.")
    done(request, lambda: gate.ask_clearance(row, is_asked, by=request.user), words)
    return redirect(_address(row), row.ref)


@require_POST
@staff_only
def clear(request: HttpRequest, ref: str) -> HttpResponse:
    """Clear an offer for export."""
    row = _found("offers", ref)
    form = ClearanceForm(request.POST, row)
    return _deed(
        request,
        row,
        "clear",
        form,
        lambda: gate.clear_export(row, by=request.user, **form.cleaned_data),
        _("Cleared for export."),
    )


def _deed(
    request: HttpRequest, thing: Thing, name: str, form: Any, deed: Callable[[], object], words: str
) -> HttpResponse:
    """Do it and lead back to the page; else the page again with what is wrong in its form called `name`."""
    if not form.is_valid():
        return _page(request, thing, 400, **{name: form})
    status = done(request, deed, words, form)
    if status != 200:
        return _page(request, thing, status, **{name: form})
    return redirect(_address(thing), thing.ref)


def _found(kind: str, ref: str) -> Any:
    if kind not in KINDS:
        raise Http404
    return get_object_or_404(KINDS[kind].objects.for_list(), ref=ref)


def _address(thing: Thing) -> str:
    return f"desk_donations:{thing._meta.model_name}"


def _page(request: HttpRequest, thing: Thing, status: int = 200, **forms: Any) -> HttpResponse:
    """The thing with everything staff need to decide; wrongly filled-in `forms` take the place of empty ones."""
    prefetch_related_objects([thing], "photos", *(["papers", "features"] if isinstance(thing, Offer) else []))
    items = checklist(thing, checks_of(thing))
    is_here = thing.state in AT_THE_GATE
    unchecked = {item.point.value for item in items if item.check is None}
    wrong = next((form for form in forms.values() if getattr(form, "errors", None)), None)
    context: dict[str, Any] = {
        "thing": thing,
        "kind": "needs" if isinstance(thing, Need) else "offers",
        "items": items,
        "is_at_the_gate": is_here,
        "reader": spoken_to(thing),
        "unchecked": len(unchecked),
        "gaps": [sentence for code, sentence in gaps(thing, items) if code not in unchecked],
        "photos": thing.photos.all(),
        "history": history_in_words(thing, is_desk=True),
        "form": wrong,
    }
    context |= _of_need(thing) if isinstance(thing, Need) else _of_offer(thing)
    if is_here:
        context |= {
            "checks": ChecklistForm(None, items),
            "ask": AskBackForm(None, thing),
            "refuse": RefuseForm(None, thing),
        }
    return render(request, "donations/desk_thing.html", context | forms, status=status)


def _of_need(thing: Need) -> dict[str, Any]:
    return {
        "giver": thing.organisation,
        "said": said(thing, need_steps.STEPS),
        "wanted": wanted_words(thing.requirements.all()),
        "can_match": thing.state == "open",
        "can_withdraw": need_actions.can_withdraw(thing),
        "board": "needs",
    }


def _of_offer(thing: Offer) -> dict[str, Any]:
    is_clearable = thing.state in gate.CLEARABLE
    return {
        "giver": thing.organisation or thing.donor,
        "said": said_of(thing),
        "papers": thing.papers.all(),
        "is_clearable": is_clearable,
        "clear": ClearanceForm(None, thing) if is_clearable and not thing.is_cleared else None,
        "can_withdraw": can_withdraw(thing),
        "board": "offers",
    }
