"""The progress board of a call: its applications, filtered and paged, with deeds for many and exports."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from calls import board
from calls.actions.judging.check import record_check
from calls.actions.judging.panel import assign
from calls.enums import CallState, CheckKind
from calls.forms.judging import BoardForm, ReviewerForm
from calls.models import Application, Call, Review
from portal.core.access import staff_only
from portal.core.admin_site import do_to_each
from portal.core.paging import page_of
from portal.core.tables import CSV, FORMATS, table_response

PER_PAGE = 50


@require_safe
@staff_only
def call_board(request: HttpRequest, slug: str) -> HttpResponse:
    """`?q=`, `?state=`, `?instrument=` and `?order=` narrow and order it; counts are those of the whole call."""
    call = get_object_or_404(Call, slug=slug)
    form = BoardForm(request.GET, call=call)
    page = page_of(request, board.Paged(call, request.user, **form.asked()), PER_PAGE)
    counts = board.counts(call, request.user)
    context = {
        "call": call,
        "form": form,
        "page_obj": page,
        "lines": [(row, board.marks(row), board.is_woman(row)) for row in page],
        "counts": counts,
        "total": sum(number for _state, number in counts),
        "reviewer_form": ReviewerForm(call=call),
        "is_running": call.state == CallState.PUBLISHED,
        "query": request.GET.urlencode(),
    }
    return render(request, "calls/judging/board.html", context)


@require_POST
@staff_only
def board_do(request: HttpRequest, slug: str) -> HttpResponse:
    """One deed for every application that was ticked; what is refused is said for each and stops no other."""
    call = get_object_or_404(Call, slug=slug)
    refs = [ref.replace("\0", "") for ref in request.POST.getlist("row")[:PER_PAGE]]
    ticked = list(board.entered(call, request.user).filter(ref__in=refs).for_list())
    deed = _deed(request, call)
    if not ticked:
        messages.error(request, _("Tick the applications first."))
    elif deed is not None:
        do_to_each(request, ticked, deed)
    query = request.POST.get("query", "")[:500]
    address = reverse("desk_calls:board", args=[call.slug])
    return redirect(f"{address}?{query}" if query else address)


@require_safe
@staff_only
def board_export(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The board as it is filtered, as a table; `?as=csv` or `xlsx`."""
    call = get_object_or_404(Call, slug=slug)
    asked = BoardForm(request.GET, call=call).asked()
    header = [
        _("Reference"), _("Receipt"), _("Title"), _("Applicant"), _("Email"), _("Organisation"), _("Country"),
        _("Career stage"), _("Woman"), _("Instrument"), _("Hours"), _("State"),
        *(str(kind.label) for kind in CheckKind), _("Reviews"), _("Reviewers"), _("Mean score"), _("Received"),
    ]  # fmt: skip
    lines = board.lines(board.rows(call, request.user, **asked))
    return table_response(_format(request), f"{call.slug}-applications", header, lines)


@require_safe
@staff_only
def reviews_export(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Every review of the call that counts and that this person may read, as a table."""
    call = get_object_or_404(Call, slug=slug)
    reviews = Review.objects.visible_to(request.user).free_of_conflict().filter(application__call=call)
    rows = reviews.with_mean().for_list().select_related("application__applicant").order_by("application", "pk")
    return export_reviews(request, rows, call)


def export_reviews(request: HttpRequest, reviews: Any, call: Call) -> HttpResponseBase:
    """A table of reviews of one call, without names where it hides them."""
    criteria = list(call.criteria.all())
    who = [] if call.is_blind else [_("Applicant"), _("Organisation")]
    header = [
        _("Application"), _("Title"), *who, _("Reviewer"), _("State"), *(criterion.name for criterion in criteria),
        _("Mean score"), _("Words to the applicant"), _("Words to the panel"), _("Handed in"),
    ]  # fmt: skip
    lines = board.review_lines(reviews, criteria=criteria, is_blind=call.is_blind)
    return table_response(_format(request), f"{call.slug}-reviews", header, lines)


def _deed(request: HttpRequest, call: Call) -> Any:
    """What the pressed button does to one application; None, with a message, where it cannot be understood."""
    if request.POST.get("deed") == "eligible":
        return partial(_pass, by=request.user)
    form = ReviewerForm(request.POST, call=call)
    if request.POST.get("deed") == "assign" and form.is_valid():
        return partial(_assign, reviewer=form.cleaned_data["reviewer"], by=request.user)
    messages.error(request, _("Choose a reviewer of the panel."))
    return None


def _pass(application: Application, *, by: Any) -> None:
    record_check(application, CheckKind.ELIGIBLE, is_passed=True, by=by)


def _assign(application: Application, *, reviewer: Any, by: Any) -> None:
    assign(application, reviewer, by=by)


def _format(request: HttpRequest) -> str:
    asked = request.GET.get("as", CSV)
    return asked if asked in FORMATS else CSV
