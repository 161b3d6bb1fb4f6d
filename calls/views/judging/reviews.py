"""A reviewer's own pages: what waits for them, one review, a conflict of interest, their reviews as a table."""

from django.contrib.auth.decorators import login_required
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from calls.actions.judging import review as actions
from calls.enums import ApplicationState, CallState, ReviewState
from calls.forms.judging import ReviewForm
from calls.models import Review
from calls.views.desk import either_way
from portal.core.deeds import DONE, done_with
from portal.core.forms import ReasonForm
from portal.core.paging import page_of


@require_safe
@login_required
def review_list(request: HttpRequest) -> HttpResponse:
    """What waits for this person first, then by the day it is due."""
    is_to_write = Q(state=ReviewState.ASSIGNED, application__state=ApplicationState.REVIEW)
    rows = Review.objects.own(request.user).for_list().with_mean().annotate(is_to_write=is_to_write)
    due = F("application__call__review_on").asc(nulls_last=True)
    context = {"page_obj": page_of(request, rows.order_by("-is_to_write", "state", due, "pk"))}
    return render(request, "calls/judging/review_list.html", context)


@either_way
@login_required
def review(request: HttpRequest, ref: str) -> HttpResponse:
    """The application beside the form; POST saves, or hands in with `do=submit`."""
    row = _own(request, ref)
    criteria = row.application.call.criteria.all()
    is_posted = request.method == "POST"
    form = ReviewForm(request.POST if is_posted else None, review=row, criteria=criteria)
    is_final = request.POST.get("do") == "submit"
    deed = actions.submit_review if is_final else actions.save_review
    said = _("Your review is in. Thank you.") if is_final else _("Your draft is saved.")
    status = done_with(request, form, lambda typed: deed(row, form.opinion(), by=request.user), said)
    if status == DONE:
        return redirect("reviews:list") if is_final else redirect(row)
    row.refresh_from_db(fields=["state"])
    context = {
        "review": row,
        "application": row.application,
        "call": row.application.call,
        "is_blind": row.application.call.is_blind,
        "form": form,
        "can_write": _is_running(row) and row.state == ReviewState.ASSIGNED,
        "can_declare": row.application.call.state == CallState.PUBLISHED,
        "scores": row.scores.select_related("criterion").order_by("criterion__position", "criterion"),
    }
    return render(request, "calls/judging/review.html", context, status=status)


@either_way
@login_required
def review_conflict(request: HttpRequest, ref: str) -> HttpResponse:
    row = _own(request, ref)
    form = ReasonForm(request.POST if request.method == "POST" else None, longest=300, hint=_("Staff alone read it."))
    status = done_with(
        request,
        form,
        lambda typed: actions.declare_conflict(row, typed["why"], by=request.user),
        _("Thank you. The application is no longer yours to review."),
    )
    if status == DONE:
        return redirect("reviews:list")
    return render(request, "calls/judging/review_conflict.html", {"review": row, "form": form}, status=status)


def _own(request: HttpRequest, ref: str) -> Review:
    rows = Review.objects.own(request.user).select_related("application__call", "application__instrument")
    return get_object_or_404(rows.select_related("application__organisation", "application__applicant"), ref=ref)


def _is_running(row: Review) -> bool:
    return row.application.state == ApplicationState.REVIEW and row.application.call.state == CallState.PUBLISHED
