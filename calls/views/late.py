"""Late accesses: given and taken back on the desk, taken by whoever opens the link first, signed in."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from calls.actions import late_access as actions
from calls.eligibility import is_missing_fact, reasons_against
from calls.enums import CallState
from calls.forms.call import LateAccessForm
from calls.models import Call, LateAccess
from portal.core.access import staff_only
from portal.core.deeds import DONE, done, done_with
from portal.core.paging import page_of

either_way = require_http_methods(["GET", "HEAD", "POST"])


@either_way
@staff_only
def call_late(request: HttpRequest, slug: str) -> HttpResponse:
    """Every late access of a call, and the form that gives one."""
    call = get_object_or_404(Call, slug=slug)
    form = LateAccessForm(request.POST or None, call=call)
    status = done_with(
        request,
        form,
        lambda typed: actions.give(call, typed["address"], typed["until"], typed["why"], by=request.user),
        _("The link is on its way to them."),
    )
    if status == DONE:
        return redirect("desk_calls:call_late", slug)
    context = {
        "call": call,
        "form": form,
        "page_obj": page_of(request, call.late_accesses.select_related("user")),
        "is_published": call.state == CallState.PUBLISHED,
        "now": timezone.now(),
    }
    return render(request, "calls/desk_call_late.html", context, status=status)


@require_POST
@staff_only
def late_revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = get_object_or_404(LateAccess.objects.select_related("call"), pk=pk, call__slug=slug)
    done(request, partial(actions.revoke, access, by=request.user), _("The late access is taken back."))
    return redirect("desk_calls:call_late", slug)


@either_way
@login_required
def late(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """The page behind the mailed link: says what it does; its POST takes the access and goes on to the application."""
    access = get_object_or_404(LateAccess.objects.select_related("call"), token=token, call__slug=slug)
    refusal = actions.reason_against_taking(access, request.user)
    status = 410 if refusal else 200
    if request.method == "POST":
        status = done(
            request, partial(actions.take, access, by=request.user), _("You can hand in until the time named.")
        )
        if status == 200:
            return redirect("calls:apply", slug)
    against = reasons_against(access.call, request.user)
    context = {
        "call": access.call,
        "access": access,
        "refusal": refusal,
        "against": [(reason, is_missing_fact(reason)) for reason in against],
    }
    return render(request, "calls/call_late.html", context, status=status)
