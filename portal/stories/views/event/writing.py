"""The desk's form of an event; who saved meanwhile is not overwritten."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.audit.actions import history_of
from portal.core import drafting
from portal.core.access import staff_only
from portal.core.errors import Refused
from portal.stories.actions import event as actions
from portal.stories.forms.event import EventForm
from portal.stories.models import Event

either_way = require_http_methods(["GET", "HEAD", "POST"])


@either_way
@staff_only
def create(request: HttpRequest) -> HttpResponse:
    form = EventForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        event = actions.create_event(by=request.user, **form.columns())
        messages.success(request, _("The draft is saved. Nobody sees it but staff."))
        return redirect(_page(event))
    return _drawn(request, None, form, {}, 400 if form.errors else 200)


@either_way
@staff_only
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    event = get_object_or_404(Event, slug=slug)
    form = EventForm(request.POST or None, event=event)
    if request.method != "POST":
        return _drawn(request, event, form, {}, 200)
    if not form.is_valid():
        return _drawn(request, event, form, {}, 400)
    typed = form.columns()
    try:
        actions.edit_event(event, version=form.cleaned_data["version"] or 0, by=request.user, **typed)
    except actions.Conflict as conflict:
        return _both(request, event, conflict)
    except Refused as refusal:
        for reason in refusal.reasons:
            form.add_error(None, reason.message)
        return _drawn(request, event, form, {}, refusal.status)
    messages.success(request, _("The event is saved."))
    return redirect(_page(event))


def _both(request: HttpRequest, event: Event, conflict: actions.Conflict) -> HttpResponse:
    """What was typed beside what is stored; sent again, it carries the stored version and so may replace it."""
    event.refresh_from_db()
    data = request.POST.copy()
    data["version"] = str(conflict.version)
    form, held = EventForm(data, event=event), EventForm(event=event)
    latest = history_of(event).first()
    theirs = {bound.name: words for bound, words in drafting.both(form, held)}
    context = {"conflict": conflict, "saver": latest.by if latest else None}
    return _drawn(request, event, form, context, conflict.status, theirs)


def _drawn(
    request: HttpRequest,
    event: Event | None,
    form: EventForm,
    more: dict[str, Any],
    status: int,
    theirs: dict[str, str] | None = None,
) -> HttpResponse:
    rows = [(bound, (theirs or {}).get(bound.name, "")) for bound in form]
    context = {"event": event, "form": form, "rows": rows} | more
    return render(request, "stories/desk_event_form.html", context, status=status)


def _page(event: Event) -> str:
    return reverse("desk_events:event", args=[event.slug])
