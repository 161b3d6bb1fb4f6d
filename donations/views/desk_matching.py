"""The desk's view of what fits: the newest run's pairs, alternatives for one need, near misses, and proposing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from donations.actions.match import propose_match
from donations.actions.matching import ask_for_run
from donations.forms.match import ProposeForm
from donations.matching import alternatives, in_words, lacks_in_words
from donations.models import MatchingRun, Need, Offer
from portal.core.access import staff_only
from portal.core.errors import Refused
from portal.core.paging import page_of
from portal.core.together import ask_together


@require_safe
@staff_only
def matching(request: HttpRequest) -> HttpResponse:
    """What the newest finished run puts together, best first, and what nearly fits with `?near=1`."""
    finished = MatchingRun.objects.exclude(finished_at=None).filter(trouble="").first()
    is_near = "near" in request.GET
    lines = [] if finished is None else (finished.near if is_near else finished.pairs)
    page = page_of(request, lines)
    page.object_list = rows_of(list(page.object_list))
    context = {
        "run": finished,
        "is_running": MatchingRun.objects.filter(finished_at=None).exists(),
        "page_obj": page,
        "is_near": is_near,
    }
    return render(request, "donations/desk_matching.html", context)


@require_POST
@staff_only
def run(request: HttpRequest) -> HttpResponse:
    """Have a worker look for what fits now."""
    ask_for_run(by=request.user)
    messages.success(request, _("A worker looks for what fits; the page shows it in a minute."))
    return redirect("desk_donations:matching")


@require_safe
@staff_only
def need_alternatives(request: HttpRequest, ref: str) -> HttpResponse:
    """The offers that fit a need, and those that nearly do, best first."""
    return _alternatives(request, get_object_or_404(Need.objects.for_list(), ref=ref))


@require_POST
@staff_only
def propose(request: HttpRequest, ref: str) -> HttpResponse:
    """Put an offer and this need together; what breaks a condition asks for a reason first."""
    need = get_object_or_404(Need.objects.for_list(), ref=ref)
    form = ProposeForm(request.POST)
    if not form.is_valid():
        return _alternatives(request, need, form, 400)
    typed = form.cleaned_data
    try:
        match = propose_match(
            need, typed["offer"], typed["quantity"], by=request.user, override_why=typed["override_why"]
        )
    except Refused as refusal:
        for reason in refusal.reasons:
            form.add_error(None, reason.message)
        return _alternatives(request, need, form, refusal.status)
    messages.success(request, _("Proposed: both sides hear of it once it is approved."))
    return redirect(match)


def rows_of(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines of a run with their need and offer, and the words for why or why not; what is gone is left out."""
    found = (
        Need.objects.for_list().filter(pk__in={line["need"] for line in lines}),
        Offer.objects.for_list().filter(pk__in={line["offer"] for line in lines}),
    )
    ask_together(found)
    needs, offers = ({row.pk: row for row in rows} for rows in found)
    return [
        line
        | {"need": needs[line["need"]], "offer": offers[line["offer"]]}
        | {"reasons": in_words(line.get("reasons", [])), "lacks": lacks_in_words(line.get("lacks", []))}
        for line in lines
        if line["need"] in needs and line["offer"] in offers
    ]


def _alternatives(request: HttpRequest, need: Need, form: ProposeForm | None = None, status: int = 200) -> HttpResponse:
    verdicts = alternatives(need.pk)
    lines = [
        {"need": one.need, "offer": one.offer, "score": one.score, "reasons": one.reasons, "lacks": one.lacks}
        for one in verdicts
    ]
    context = {
        "need": need,
        "rows": rows_of(lines),
        "form": form,
        "chosen": form.data.get("offer", "") if form else "",
        "back": reverse("desk_donations:matching"),
    }
    return render(request, "donations/desk_alternatives.html", context, status=status)
