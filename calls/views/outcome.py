"""The desk's page of outcomes: the ranked list with what it would come to, and the release."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from django_countries import countries

from calls import conflicts
from calls.actions import outcome as actions
from calls.eligibility import has_priority
from calls.enums import ApplicationState, CallState, Decision
from calls.forms.outcome import OutcomeForm, ReleaseForm
from calls.models import Application, Call, Review
from calls.querysets import with_judging
from calls.simulation import Line, Simulation, simulate
from portal.accounts.enums import Gender
from portal.core.access import staff_only
from portal.core.deeds import DONE, done_with
from portal.core.errors import Refused
from portal.core.paging import page_of

either_way = require_http_methods(["GET", "HEAD", "POST"])
PER_PAGE = 40  # with 5 fields each well below what one form may send
SEEN = "-seen"


class OutcomeForms:
    """The forms of one page; the templates treat it like a formset."""

    def __init__(self, data: Any, call: Call, rows: Iterable[Application]) -> None:
        self.forms = [OutcomeForm(data, call=call, application=row) for row in rows]
        self.refusals: list[str] = []

    def is_valid(self) -> bool:
        valid = [form.is_valid() for form in self.forms]  # every form, so that all their errors show
        return all(valid)

    def non_form_errors(self) -> list[str]:
        return self.refusals

    @property
    def errors(self) -> bool:
        return bool(self.refusals) or any(form.errors for form in self.forms if form.is_bound)


@either_way
@staff_only
def outcomes(request: HttpRequest, slug: str) -> HttpResponse:
    """Every judged application but one's own, in its rank, with the outcome prepared for it; saved on POST."""
    call = get_object_or_404(Call, slug=slug)
    if request.method != "POST":
        return _page(request, call)
    if request.POST.get("do") in BULK:
        return _in_bulk(request, call, BULK[request.POST["do"]])
    refs = [name.removesuffix(SEEN).replace("\0", "") for name in request.POST if name.endswith(SEEN)][:PER_PAGE]
    forms = OutcomeForms(request.POST, call, _rows(request, call).filter(ref__in=refs))
    if not forms.is_valid():
        return _page(request, call, forms, status=400)
    try:
        changed = _save(call, forms, request.user)
    except Refused as refusal:
        forms.refusals = [reason.message for reason in refusal.reasons]
        return _page(request, call, forms, status=refusal.status)
    words = ngettext("%(number)s outcome is saved.", "%(number)s outcomes are saved.", changed)
    messages.success(request, words % {"number": changed} if changed else _("The list is saved."))
    return redirect(request.get_full_path())


@either_way
@staff_only
def call_release(request: HttpRequest, slug: str) -> HttpResponse:
    """What is about to be told to whom, and what stands in the way; released on POST."""
    call = get_object_or_404(Call, slug=slug)
    simulation = _simulation(call)
    over = simulation.over if call.state == CallState.PUBLISHED else 0
    form = ReleaseForm(request.POST or ({} if request.method == "POST" else None), over=over)
    status = done_with(
        request,
        form,
        lambda _typed: actions.release(call, by=request.user, **form.arguments()),
        _("The outcomes are released, and everybody is written to."),
    )
    if status == DONE:
        return redirect(_address(call))
    context = {
        "call": call,
        "form": form,
        "simulation": simulation,
        "is_released": call.state != CallState.PUBLISHED,
        "against": actions.against_release(call) if call.state == CallState.PUBLISHED else [],
    }
    return render(request, "calls/desk_call_release.html", context, status=status)


def _top(call: Call, by: Any) -> str:
    number = actions.award_from_the_top(call, by=by)
    words = ngettext("%(number)s award is prepared.", "%(number)s awards are prepared.", number)
    return words % {"number": number}


def _rest(call: Call, by: Any) -> str:
    number = actions.decline_the_rest(call, by=by)
    words = ngettext("%(number)s refusal is prepared.", "%(number)s refusals are prepared.", number)
    return words % {"number": number}


def _by_score(call: Call, by: Any) -> str:
    actions.rank_by_score(call, by=by)
    return _("The list stands in the order of the scores.")


BULK: dict[str, Callable[[Call, Any], str]] = {"by_score": _by_score, "top": _top, "rest": _rest}


def _in_bulk(request: HttpRequest, call: Call, deed: Callable[[Call, Any], str]) -> HttpResponse:
    try:
        messages.success(request, deed(call, request.user))
    except Refused as refusal:
        forms = OutcomeForms(None, call, [])
        forms.refusals = [reason.message for reason in refusal.reasons]
        return _page(request, call, forms, status=refusal.status)
    return redirect(_address(call))


@transaction.atomic
def _save(call: Call, forms: OutcomeForms, by: Any) -> int:
    """Prepare what was chosen, then move what was given another place; all of it or nothing."""
    choices = [choice for form in forms.forms if (choice := form.choice)]
    places = {form.application.ref: place for form in forms.forms if (place := form.place)}
    changed = actions.prepare_all(call, choices, by=by)
    if places:
        actions.put_in_place(call, places, by=by)
    return changed


def _page(request: HttpRequest, call: Call, forms: OutcomeForms | None = None, status: int = 200) -> HttpResponse:
    is_open = call.state == CallState.PUBLISHED
    rows = _rows(request, call) if is_open else _released(call)
    page = page_of(request, rows, PER_PAGE)
    if is_open and (forms is None or not forms.forms):
        shown = OutcomeForms(None, call, page.object_list)
        shown.refusals = forms.refusals if forms else []
        forms = shown
    context = {
        "call": call,
        "form": forms,
        "page_obj": page,
        "is_open": is_open,
        "simulation": _simulation(call) if is_open else None,
        "blocking": Application.objects.filter(call=call).blocking_release().count() if is_open else 0,
    }
    return render(request, "calls/desk_call_outcomes.html", context, status=status)


def _rows(request: HttpRequest, call: Call) -> Any:
    """Without those that the reader takes part in: what is prepared for them stays unseen.

    Ordered by rank alone, so that the scores are reckoned of one page only.
    """
    user: Any = request.user
    own = conflicts.taking_part(OuterRef("pk"), user.pk)
    rows = actions.in_rank(call).exclude(own).for_list().prefetch_related("checks")
    return with_judging(rows, Review.objects.visible_to(user))


def _released(call: Call) -> Any:
    rows = Application.objects.filter(call=call, released_at__isnull=False).for_list()
    return rows.select_related("call", "applicant", "organisation", "instrument", "award").in_rank()


def _simulation(call: Call) -> Simulation:
    """What the outcomes prepared come to, reckoned from one statement."""
    rows = actions.in_rank(call).values_list(
        "state", "decision", "minutes_decided", "instrument__name", "applicant__gender", "country", "career_stage"
    )
    lines = [
        Line(
            decision=decision if state == ApplicationState.PREPARED else "",
            minutes=minutes or 0,
            instrument=instrument or "",
            is_woman=gender == Gender.WOMAN,
            country=str(countries.name(country)) if decision == Decision.AWARD else country,
            has_priority=has_priority(call, country, stage),
        )
        for state, decision, minutes, instrument, gender, country, stage in rows
    ]
    wanted = 100 if call.is_for_women else call.women_share
    return simulate(lines, offered=actions.offered_by(call), gives_hours=call.gives_hours, women_wanted=wanted)


def _address(call: Call) -> str:
    return reverse("desk_calls:call_outcomes", args=[call.slug])
