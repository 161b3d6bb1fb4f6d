"""The panel of a call: who reviews, how much each has, and spreading the applications."""

from functools import partial

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from calls.actions.judging import panel as actions
from calls.enums import ApplicationState, CallState, ReviewState
from calls.forms.judging import PanelForm
from calls.models import Call
from calls.views.desk import either_way
from portal.core.access import staff_only
from portal.core.deeds import DONE, done, done_with
from portal.core.errors import Refused


@either_way
@staff_only
def call_panel(request: HttpRequest, slug: str) -> HttpResponse:
    """The members with what each has to write; POST adds one."""
    call = _call(slug)
    form = PanelForm(request.POST or None)
    status = done_with(
        request,
        form,
        lambda typed: actions.add_member(call, typed["email"], by=request.user),
        _("The reviewer is on the panel and is told."),
    )
    return redirect(_address(call)) if status == DONE else _page(request, call, form, status)


@require_POST
@staff_only
def panel_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    call = _call(slug)
    member = get_object_or_404(call.panel, pk=pk)
    deed = partial(actions.remove_member, member, by=request.user)
    status = done(request, deed, _("The reviewer is off the panel."))
    return redirect(_address(call)) if status == 200 else _page(request, call, PanelForm(), status)


@require_POST
@staff_only
def panel_spread(request: HttpRequest, slug: str) -> HttpResponse:
    call = _call(slug)
    try:
        given = actions.spread(call, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _page(request, call, PanelForm(), refusal.status)
    messages.success(request, _words(given))
    return redirect(_address(call))


def _page(request: HttpRequest, call: Call, form: PanelForm, status: int = 200) -> HttpResponse:
    of_call = Q(user__reviews__application__call=call)
    numbers = {
        "to_write": Count("pk", filter=of_call & Q(user__reviews__state=ReviewState.ASSIGNED)),
        "written": Count("pk", filter=of_call & Q(user__reviews__state=ReviewState.SUBMITTED)),
        "conflicts": Count("pk", filter=of_call & Q(user__reviews__state=ReviewState.CONFLICT)),
    }
    in_review = call.applications.filter(state=ApplicationState.REVIEW).count()
    context = {
        "call": call,
        "form": form,
        "members": call.panel.select_related("user").annotate(**numbers).order_by("user__name", "pk"),
        "in_review": in_review,
        "is_running": call.state == CallState.PUBLISHED,
    }
    return render(request, "calls/judging/panel.html", context, status=status)


def _words(given: int) -> str:
    """What the spreading did."""
    if not given:
        return _("Every application has the reviewers it can have; nothing changed.")
    words = ngettext("%(count)d review was given out.", "%(count)d reviews were given out.", given)
    return words % {"count": given}


def _call(slug: str) -> Call:
    return get_object_or_404(Call, slug=slug)


def _address(call: Call) -> str:
    return reverse("desk_calls:panel", args=[call.slug])
