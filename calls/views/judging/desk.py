"""An application at the desk: what it says, how it is judged, and every deed of staff with it."""

from functools import partial
from typing import Any

from django.db.models import OuterRef, Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from calls import words
from calls.actions.application.submit import ask_for_changes
from calls.actions.judging import panel
from calls.actions.judging.check import record_checks
from calls.actions.judging.review import reopen_review
from calls.conflicts import taking_part
from calls.enums import ApplicationState, CheckKind, ReviewState
from calls.forms.judging import AskForm, ReviewerForm, VerdictForm
from calls.models import Application, Review, Score
from calls.views.application import overdue_reports
from portal.accounts.requests import SignedInRequest
from portal.audit.actions import history_of
from portal.core.access import staff_only
from portal.core.deeds import DONE, done, done_with
from portal.core.errors import Forbidden
from portal.core.forms import ReasonForm

ELIGIBLE = {CheckKind.ELIGIBLE: gettext_lazy("Is it eligible?")}
SHOWN_HISTORY = 50


@require_safe
@staff_only
def application(request: SignedInRequest, ref: str) -> HttpResponse:
    return _page(request, _application(request, ref))


@require_POST
@staff_only
def application_check(request: SignedInRequest, ref: str) -> HttpResponse:
    """Say whether it is eligible."""
    row = _application(request, ref)
    form = _verdict_form(request.POST)
    status = done_with(
        request, form, lambda typed: record_checks(row, form.verdicts(), by=request.user), _("Your verdict is kept.")
    )
    return redirect(_address(row)) if status == DONE else _page(request, row, status, verdict_form=form)


@require_POST
@staff_only
def application_ask(request: SignedInRequest, ref: str) -> HttpResponse:
    """Return it for changes by a day."""
    row = _application(request, ref)
    form = AskForm(request.POST, call=row.call)
    status = done_with(
        request,
        form,
        lambda typed: ask_for_changes(row, typed["note"], form.answer_by(), by=request.user),
        _("The application is with the applicant again, who is told."),
    )
    return redirect(_address(row)) if status == DONE else _page(request, row, status, ask_form=form)


@require_POST
@staff_only
def application_assign(request: SignedInRequest, ref: str) -> HttpResponse:
    row = _application(request, ref)
    form = ReviewerForm(request.POST, call=row.call)
    status = done_with(
        request,
        form,
        lambda typed: panel.assign(row, typed["reviewer"], by=request.user),
        _("The application is given to the reviewer, who is told within a few minutes."),
    )
    return redirect(_address(row)) if status == DONE else _page(request, row, status, reviewer_form=form)


@require_POST
@staff_only
def review_unassign(request: SignedInRequest, ref: str) -> HttpResponse:
    review = _review(request, ref)
    deed = partial(panel.unassign, review, by=request.user)
    return _done(request, review, deed, _("The review is taken back."))


@require_POST
@staff_only
def review_reopen(request: SignedInRequest, ref: str) -> HttpResponse:
    review = _review(request, ref)
    row = _application(request, review.application.ref)
    form = _reopen_form(review, request.POST)
    status = done_with(
        request,
        form,
        lambda typed: reopen_review(review, by=request.user, why=typed["why"]),
        _("The review is open again and the reviewer is told."),
    )
    return redirect(_address(row)) if status == DONE else _page(request, row, status, reopen_form=form)


def _done(request: SignedInRequest, review: Review, deed: Any, success: str) -> HttpResponse:
    row = _application(request, review.application.ref)
    status = done(request, deed, success)
    return redirect(_address(row)) if status == 200 else _page(request, row, status)


def _page(request: SignedInRequest, row: Application, status: int = 200, **forms: Any) -> HttpResponse:
    if status != 200:
        row = _application(request, row.ref)  # a deed was refused: it may have moved meanwhile
    reviews = Review.objects.visible_to(request.user).filter(application=row).with_mean()
    shown = reviews.select_related("reviewer").prefetch_related(
        Prefetch("scores", Score.objects.select_related("criterion").order_by("criterion__position", "criterion"))
    )
    refused = forms.get("reopen_form")
    context = {
        "application": row,
        "call": row.call,
        "checks": row.checks.select_related("by"),
        "reviews": [
            (review, refused if refused and refused.auto_id == _ids(review) else _reopen_form(review))
            for review in shown
        ],
        "overdue": overdue_reports(row),
        "history": [(words.HAPPENED_TO_APPLICATION.get(entry.verb, entry.verb), entry) for entry in _history(row)],
        "is_screening": row.state == ApplicationState.SCREENING,
        "is_in_review": row.state == ApplicationState.REVIEW,
        "is_judged": row.state in (ApplicationState.SCREENING, ApplicationState.FEASIBILITY, ApplicationState.REVIEW),
        "assigned": ReviewState.ASSIGNED,
        "submitted": ReviewState.SUBMITTED,
        "verdict_form": _verdict_form(),
        "ask_form": AskForm(call=row.call),
        "reviewer_form": ReviewerForm(call=row.call),
        **forms,
    }
    return render(request, "calls/judging/application.html", context, status=status)


def _reopen_form(review: Review, data: Any = None) -> ReasonForm:
    """Why it is opened again; each review on the page has a form of its own."""
    form = ReasonForm(data, longest=300, required=False)
    form.auto_id = _ids(review)
    return form


def _ids(review: Review) -> str:
    return f"id_{review.ref}_%s"


def _history(row: Application) -> Any:
    return history_of(row)[:SHOWN_HISTORY]


def _verdict_form(data: Any = None) -> VerdictForm:
    return VerdictForm(data, kinds=ELIGIBLE, questions=ELIGIBLE)


def _application(request: SignedInRequest, ref: str) -> Application:
    """Any application that was handed in; those of one's own are judged by somebody else."""
    rows = Application.objects.visible_to(request.user).entered().for_list()
    own = taking_part(OuterRef("pk"), request.user.pk)
    row: Any = get_object_or_404(rows.annotate(is_own=own), ref=ref)
    if row.is_own:
        raise Forbidden(_("You take part in this application, so somebody else judges it."))
    return row


def _review(request: SignedInRequest, ref: str) -> Review:
    return get_object_or_404(Review.objects.visible_to(request.user).for_list(), ref=ref)


def _address(row: Application) -> str:
    return reverse("desk_calls:application", args=[row.ref])
