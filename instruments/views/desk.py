"""The desk's instruments: the work list, one instrument's page, and its moves."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from instruments import actions, words
from instruments.enums import FINAL, WRITABLE, InstrumentState
from instruments.forms import InstrumentForm, StateFilterForm
from instruments.models import Instrument
from instruments.states import MOVES
from portal.accounts.enums import Role
from portal.accounts.models import Membership
from portal.accounts.requests import SignedInRequest
from portal.audit.actions import history_of
from portal.audit.models import Record
from portal.core.access import staff_only
from portal.core.errors import Refused
from portal.core.forms import ReasonForm
from portal.core.machine import can_move
from portal.core.paging import page_of
from portal.core.together import ask_together

HISTORY, AGREEMENTS = 20, 5
# Verb -> (button, what happens, what the reason is for: empty where none is asked).
MOVE_WORDS: dict[str, tuple[Promise, Promise, Promise | str]] = {
    "propose": (_("Propose"), _("Staff look at it and list it, ask for changes or refuse it."), ""),
    "ask": (_("Ask for changes"), _("It goes back to those who proposed it."), _("What is missing or wrong?")),
    "resubmit": (_("Send again"), _("Staff look at it again."), ""),
    "list": (_("List"), _("Everybody sees it, and time on it can be booked."), ""),
    "refuse": (_("Refuse"), _("This cannot be undone."), _("Those who proposed it read this.")),
    "withdraw": (_("Throw it away"), _("Nobody looks at it any more. This cannot be undone."), ""),
    "suspend": (
        _("Suspend"),
        _("No new bookings are taken. Its page says that it is suspended, and why."),
        _("Everybody who looks at the instrument reads this."),
    ),
    "resume": (_("Resume"), _("Time on it can be booked again."), ""),
    "retire": (
        _("Retire"),
        _("It leaves the list for good. This cannot be undone."),
        _("Those who have bookings read this."),
    ),
}
# What the history calls each deed; a move of state is called by the state it led to.
HISTORY_WORDS = {
    "create": _("Created"),
    "update": _("Texts changed"),
    "set_units": _("Units changed"),
    "set_hours": _("Opening hours changed"),
    "set_policy": _("Booking policy changed"),
    "set_desktop": _("Desktop changed"),
    "remove_desktop": _("Desktop taken away"),
    "close": _("Closure added"),
    "open": _("Closure removed"),
    "add_picture": pgettext_lazy("picture", "a picture was added"),
    "change_picture": pgettext_lazy("picture", "words or crop of a picture were changed"),
    "remove_picture": pgettext_lazy("picture", "a picture was removed"),
    "draw_again": pgettext_lazy("picture", "a picture was to be prepared once more"),
}
DANGEROUS = ("refuse", "withdraw", "suspend", "retire")
DEEDS: dict[str, Callable[..., Instrument]] = {
    "propose": actions.propose_instrument,
    "ask": actions.ask_instrument,
    "resubmit": actions.resubmit_instrument,
    "list": actions.list_instrument,
    "refuse": actions.refuse_instrument,
    "withdraw": actions.withdraw_instrument,
    "suspend": actions.suspend_instrument,
    "resume": actions.resume_instrument,
    "retire": actions.retire_instrument,
}


@login_required
def work_list(request: SignedInRequest) -> HttpResponse:
    """All instruments for staff, those of their laboratories for operators; proposed ones first."""
    operates = Membership.objects.confirmed().filter(user=request.user, role=Role.OPERATOR)
    if not request.user.is_staff and not operates.exists():
        raise PermissionDenied
    form = StateFilterForm(request.GET)
    rows = Instrument.objects.managed_by(request.user).select_related("organisation").proposed_first()
    if not form.is_valid():
        rows = rows.none()
    wanted = form.cleaned_data
    if wanted.get("state"):
        rows = rows.filter(state=wanted["state"])
    if wanted.get("q"):
        rows = rows.filter(_named(wanted["q"]))
    context = {"filter": form, "page": page_of(request, rows), "is_filtered": any(request.GET.values())}
    return render(request, "instruments/desk_list.html", context)


@staff_only
def create(request: HttpRequest) -> HttpResponse:
    """The form for a new one: kept as a draft, or listed at once."""
    form = InstrumentForm(request.POST or None, for_staff=True)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                instrument = actions.create_instrument(by=request.user, **form.cleaned_data)
                if "list" in request.POST:
                    instrument = actions.list_instrument(instrument, by=request.user)
        except Refused as error:
            show(form, error)
            return render(request, "instruments/desk_form.html", {"form": form}, status=error.status)
        messages.success(request, _("Saved. Now look at its opening hours, units and booking policy."))
        return redirect("desk_instruments:detail", instrument.slug)
    status = 422 if form.errors else 200
    return render(request, "instruments/desk_form.html", {"form": form}, status=status)


@login_required
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One instrument with all that can be done to it by this person."""
    instrument = managed(request, slug)
    hours, history = instrument.opening_hours.all(), history_of(instrument)[:HISTORY]
    parts = {
        "units": instrument.units.all(),
        "closures": instrument.closures.ending_after(timezone.now()).select_related("unit"),
        "agreements": instrument.agreements.visible_to(request.user)[:AGREEMENTS],
    }
    ask_together([*parts.values(), hours, history])
    context = parts | {
        "instrument": instrument,
        "week": words.week_of(hours),
        "policy": words.policy_sentences(instrument.policy) if hasattr(instrument, "policy") else [],
        "gaps": [] if instrument.is_listed or instrument.is_final else actions.gaps_before_listing(instrument),
        "moves": [_button(verb) for verb in _possible(request.user, instrument)],
        "history": [(_deed_words(entry), entry) for entry in history],
        "may_write": instrument.proposed_by_id is not None and instrument.state in WRITABLE,
        "proposer_runs": _proposer_runs(instrument),
    }
    return render(request, "instruments/desk_detail.html", context)


@login_required
def move(request: HttpRequest, slug: str, verb: str) -> HttpResponse:
    """GET says what the move does (and asks why, where that is told), POST does it."""
    if verb not in DEEDS:
        raise Http404
    instrument = managed(request, slug)
    if not request.user.has_perm(f"instruments.{verb}_instrument", instrument):
        raise PermissionDenied
    label, effect, reason_hint = MOVE_WORDS[verb]
    form = ReasonForm(request.POST or None, longest=1000, hint=str(reason_hint)) if reason_hint else None
    context = {"instrument": instrument, "label": label, "effect": effect, "form": form, "is_danger": verb in DANGEROUS}
    context["agreements"] = ending_with(instrument, verb, request.user)
    status = 200
    if request.method == "POST":
        status = 422
        if form is None or form.is_valid():
            reason = {"why": form.cleaned_data["why"]} if form else {}
            try:
                DEEDS[verb](instrument, by=request.user, **reason)
            except Refused as error:
                context["reasons"], status = error.reasons, error.status
            else:
                messages.success(request, _("Done: %(move)s.") % {"move": label})
                return redirect("desk_instruments:detail", instrument.slug)
    return render(request, "instruments/desk_move.html", context, status=status)


def ending_with(instrument: Instrument, verb: str, user: Any) -> list[Any]:
    """The agreements on it that end with this move, as far as this person may know of them."""
    return list(instrument.agreements.visible_to(user).open()) if MOVES[verb][1] in FINAL else []


def managed(request: HttpRequest, slug: str) -> Instrument:
    """The instrument, if this person may run it; 404 for the others, who need not know of drafts."""
    rows = Instrument.objects.managed_by(request.user).select_related("organisation", "policy", "proposed_by")
    return get_object_or_404(rows, slug=slug)


def show(form: Any, error: Refused) -> None:
    """Put an action's sentences where the person reads them: at the fields they name, else on top."""
    for reason in error.reasons:
        field = reason.code.removeprefix("invalid_")
        form.add_error(field if field in form.fields else None, reason.message)


def _proposer_runs(instrument: Instrument) -> bool:
    """Whether who proposed it, if anybody did, is a confirmed operator of the laboratory."""
    if instrument.proposed_by is None:
        return True
    held = Membership.objects.held_by(instrument.proposed_by, instrument.organisation_id, Role.OPERATOR)
    return held.exists()


def _deed_words(entry: Record) -> str:
    if entry.verb in MOVES and entry.after in InstrumentState.values:
        return capfirst(str(InstrumentState(entry.after).label))
    return capfirst(str(HISTORY_WORDS.get(entry.verb, entry.verb)))


def _named(text: str) -> Q:
    return Q(name_en__icontains=text) | Q(name_fr__icontains=text) | Q(organisation__name__icontains=text)


def _possible(user: Any, instrument: Instrument) -> list[str]:
    """Verbs that the state and this person allow; staff list a draft in one go."""
    verbs = [verb for verb in MOVES if can_move(MOVES, verb, instrument.state)]
    if instrument.state == InstrumentState.DRAFT:
        verbs.append("list")
    return [verb for verb in verbs if user.has_perm(f"instruments.{verb}_instrument", instrument)]


def _button(verb: str) -> dict[str, Any]:
    return {"verb": verb, "label": MOVE_WORDS[verb][0], "is_danger": verb in DANGEROUS}
