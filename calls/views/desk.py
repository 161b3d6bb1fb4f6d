"""The desk's pages of calls: see, publish, extend, withdraw, decide, archive. desk_sections has those that write."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from calls.actions import call as actions
from calls.actions.interest import count_for
from calls.enums import CallState
from calls.forms.call import ExtendForm
from calls.models import Call
from calls.states import CALL_MOVES
from calls.views.desk_sections import contents
from calls.words import HAPPENED
from portal.audit.actions import history_of
from portal.core.access import staff_only
from portal.core.deeds import DONE, done, done_with
from portal.core.forms import ReasonForm
from portal.core.machine import can_move
from portal.core.paging import page_of

either_way = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@staff_only
def call_list(request: HttpRequest) -> HttpResponse:
    """Every call, drafts first asked for, or those in one state (`?state=`)."""
    state = request.GET.get("state", "")
    calls = Call.objects.order_by("-updated_at", "-pk")
    if state in CallState.values:
        calls = calls.filter(state=state)
    context = {"page_obj": page_of(request, calls), "states": CallState.choices, "state": state}
    return render(request, "calls/desk_call_list.html", context)


@require_safe
@staff_only
def call_manage(request: HttpRequest, slug: str) -> HttpResponse:
    """One call: how it stands, what can be done with it, what was done."""
    call = _call(slug)
    context = {
        "call": call,
        "can": {verb: can_move(CALL_MOVES, verb, call.state) for verb in CALL_MOVES},
        "is_draft": call.state == CallState.DRAFT,
        "contents": contents(call) if call.state == CallState.DRAFT else [],
        "history": [(HAPPENED.get(entry.verb, entry.verb), entry) for entry in history_of(call)[:50]],
    }
    return render(request, "calls/desk_call.html", context)


@either_way
@staff_only
def call_publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what is missing, or how many will be written to; publish on POST."""
    call = _call(slug)
    status = 200
    if request.method == "POST":
        deed = partial(actions.publish_call, call, by=request.user)
        status = done(request, deed, _("The call is published."))
        if status == 200:
            return redirect(_page(call))
    context = {
        "call": call,
        "contents": [row for row in contents(call) if row["lacks"]],
        "is_draft": call.state == CallState.DRAFT,
        "readers": count_for(call),
    }
    return render(request, "calls/desk_call_publish.html", context, status=status)


@either_way
@staff_only
def call_extend(request: HttpRequest, slug: str) -> HttpResponse:
    call = _call(slug)
    form = ExtendForm(request.POST or None, call=call)
    status = done_with(
        request,
        form,
        lambda typed: actions.extend_call(call, typed["closes"], by=request.user),
        _("The call closes later now, and those who were told of it are told."),
    )
    if status == DONE:
        return redirect(_page(call))
    return render(request, "calls/desk_call_extend.html", {"call": call, "form": form}, status=status)


@either_way
@staff_only
def call_withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    call = _call(slug)
    form = ReasonForm(request.POST or None)
    status = done_with(
        request,
        form,
        lambda typed: actions.withdraw_call(call, why=typed["why"], by=request.user),
        _("The call is withdrawn."),
    )
    if status == DONE:
        return redirect(_page(call))
    return render(request, "calls/desk_call_withdraw.html", {"call": call, "form": form}, status=status)


@either_way
@staff_only
def call_decide(request: HttpRequest, slug: str) -> HttpResponse:
    return _confirmed(request, slug, actions.decide_call, _("The call is marked as decided."), "decide")


@either_way
@staff_only
def call_archive(request: HttpRequest, slug: str) -> HttpResponse:
    return _confirmed(request, slug, actions.archive_call, _("The call is off the list."), "archive")


def _confirmed(request: HttpRequest, slug: str, deed: Any, success: str, verb: str) -> HttpResponse:
    """A page that asks once more on GET, and the deed on POST."""
    call = _call(slug)
    status = 200
    if request.method == "POST":
        status = done(request, partial(deed, call, by=request.user), success)
        if status == 200:
            return redirect(_page(call))
    context = {"call": call, "verb": verb, "can_do": can_move(CALL_MOVES, verb, call.state)}
    return render(request, "calls/desk_call_confirm.html", context, status=status)


def _call(slug: str) -> Call:
    return get_object_or_404(Call, slug=slug)


def _page(call: Call) -> str:
    return reverse("desk_calls:call", args=[call.slug])
