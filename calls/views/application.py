"""Pages of applications: starting one, the own list, one with its task list or its course, check and hand in."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calls import words
from calls.actions.application import draft, submit
from calls.actions.application.parts import missing_parts, out_of_bounds
from calls.eligibility import hand_in_by, is_missing_fact, may_submit, reasons_against
from calls.enums import ApplicationState
from calls.models import Application, Award, Call
from calls.rules.application import is_applicant, is_part_of, may
from calls.rules.award import is_staff
from calls.states import APPLICATION_MOVES, JUDGED
from calls.views.tasklist import tasks_of
from portal.accounts.requests import SignedInRequest
from portal.audit.actions import history_of
from portal.core.deeds import DONE, done_with
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.forms import ReasonForm
from portal.core.machine import can_move
from portal.core.paging import page_of

either_way = require_http_methods(["GET", "HEAD", "POST"])


@either_way
@login_required
def apply(request: SignedInRequest, slug: str) -> HttpResponse:
    """Whether this person may apply to a call, and why not; the button starts the application or finds it again."""
    call = get_object_or_404(Call.objects.public(), slug=slug)
    status, reasons = 200, []
    if request.method == "POST":
        try:
            return redirect(draft.start(call, by=request.user))
        except Refused as refusal:
            status, reasons = refusal.status, list(refusal.reasons)
    else:
        late = may_submit(call, request.user, timezone.now())
        reasons = [*([late] if late else []), *reasons_against(call, request.user)]
    own = Application.objects.open().filter(call=call, applicant=request.user).first()
    context = {
        "call": call,
        "reasons": reasons,
        "may_be_profile": any(is_missing_fact(reason) for reason in reasons),
        "own": own,
    }
    return render(request, "calls/application_apply.html", context, status=status)


@require_safe
@login_required
def application_list(request: HttpRequest) -> HttpResponse:
    """What this person writes or wrote, as applicant or in a team; the newest first."""
    rows = Application.objects.of_person(request.user).for_list()
    return render(request, "calls/application_list.html", {"page_obj": page_of(request, rows)})


@require_safe
@login_required
def detail(request: HttpRequest, ref: str) -> HttpResponse:
    """A draft or returned one as a list of tasks to those who write it; else what it says and what became of it."""
    return _page(request, _application(request, ref))


@require_safe
@login_required
def check(request: HttpRequest, ref: str) -> HttpResponse:
    """All answers before they are handed in, each with a way to change it."""
    application = _application(request, ref)
    if not may(request.user, "edit_application", application):
        raise Forbidden
    return _check(request, application, _against(application, request.user))


@require_POST
@login_required
def hand_in(request: HttpRequest, ref: str) -> HttpResponse:
    """Submit a draft; twice leads to the same receipt."""
    return _handed(request, ref, submit.submit)


@require_POST
@login_required
def answer(request: HttpRequest, ref: str) -> HttpResponse:
    """Hand in again what was returned for changes."""
    return _handed(request, ref, submit.answer)


@either_way
@login_required
def withdraw(request: HttpRequest, ref: str) -> HttpResponse:
    application = _application(request, ref)
    if not may(request.user, "withdraw_application", application):
        raise Forbidden
    form = ReasonForm(request.POST if request.method == "POST" else None, longest=500, required=False)
    status = done_with(
        request,
        form,
        lambda typed: submit.withdraw(application, why=typed["why"], by=request.user),
        _("The application is withdrawn."),
    )
    if status == DONE:
        return redirect(application)
    return render(request, "calls/application_withdraw.html", {"application": application, "form": form}, status=status)


def _handed(request: HttpRequest, ref: str, deed: Any) -> HttpResponse:
    application = _application(request, ref)
    try:
        deed(application, by=request.user)
    except Forbidden:
        raise
    except Refused as refusal:
        if not may(request.user, "edit_application", application):
            raise
        return _check(request, application, list(refusal.reasons), refusal.status)
    return redirect(application)


def _check(request: HttpRequest, application: Application, reasons: list[Reason], status: int = 200) -> HttpResponse:
    urls = {task.name: f"{task.url}?check=1" for task in tasks_of(application)}
    context = {
        "application": application,
        "reasons": [(reason.message, urls.get(reason.code, "")) for reason in reasons],
        "is_refused": status != 200,
        "can_hand_in": is_applicant(request.user, application),
        "verb": "submit" if application.is_draft else "answer",
    }
    return render(request, "calls/application_check.html", context, status=status)


def _against(application: Application, person: Any) -> list[Reason]:
    """Everything that would be said if it were handed in now."""
    reasons = [*missing_parts(application), *out_of_bounds(application)]
    if application.is_draft:
        late = may_submit(application.call, application.applicant, timezone.now())
        reasons = [*([late] if late else []), *reasons_against(application.call, application.applicant), *reasons]
    return reasons


def _page(request: HttpRequest, application: Application) -> HttpResponse:
    user = request.user
    is_own = is_part_of(user, application)
    can_write = may(user, "edit_application", application)
    context = {
        "application": application,
        "call": application.call,
        "is_own": is_own,
        "is_desk": is_staff(user),
        "tasks": tasks_of(application) if can_write else [],
        "history": _course(application),
        "overdue": overdue_reports(application) if is_own or is_staff(user) else [],
        "hand_in_by": hand_in_by(application.call, application.applicant, timezone.now()) if can_write else None,
        "can_hand_in": can_write and is_applicant(user, application),
        "can_withdraw": is_applicant(user, application) and can_move(APPLICATION_MOVES, "withdraw", application.state),
        "is_received": is_own and application.state == ApplicationState.SCREENING,
    }
    return render(request, "calls/application_detail.html", context)


def overdue_reports(application: Application) -> list[Award]:
    """Earlier awards of the applicant whose report is overdue, while that still matters to who reads this one."""
    if application.state not in {ApplicationState.DRAFT, ApplicationState.RETURNED, *JUDGED}:
        return []
    return list(Award.objects.report_overdue(application.applicant, timezone.localdate()))


def _course(application: Application) -> list[tuple[Any, Any]]:
    """What its people are told of its history, newest first; what is prepared unseen is not in it."""
    shown = history_of(application).filter(verb__in=words.APPLICATION_HAPPENED)
    return [(words.APPLICATION_HAPPENED[entry.verb], entry) for entry in shown]


def _application(request: HttpRequest, ref: str) -> Application:
    return get_object_or_404(Application.objects.visible_to(request.user).for_list(), ref=ref)
