"""The desk's pages of events: all of them, one with what can be done, announce, cancel, close with figures."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from portal.audit.actions import history_of
from portal.core import drafting
from portal.core.access import staff_only
from portal.core.deeds import DONE, done, done_with
from portal.core.errors import Conflict
from portal.core.forms import ReasonForm
from portal.core.machine import can_move
from portal.core.paging import page_of
from portal.stories import picture_words
from portal.stories.actions import event as actions
from portal.stories.actions.event.moves import LONGEST_WHY
from portal.stories.enums import EventState
from portal.stories.event_figures import attendance_of
from portal.stories.event_lacks import missing_to_publish
from portal.stories.forms.figures import FiguresForm
from portal.stories.models import Event
from portal.stories.states import EVENT_MOVES

HAPPENED = {
    "create": gettext_lazy("Draft begun"),
    "edit": gettext_lazy("Changed"),
    "publish": gettext_lazy("Announced"),
    "hold": gettext_lazy("Was over"),
    "close": gettext_lazy("Figures entered"),
    "correct": gettext_lazy("Figures corrected"),
    "cancel": pgettext_lazy("event", "Cancelled"),
    "load": gettext_lazy("Loaded with the portal"),
    **picture_words.HAPPENED,
}
either_way = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@staff_only
def listing(request: HttpRequest) -> HttpResponse:
    """Every event, the latest first, or those in one state (`?state=`)."""
    state = request.GET.get("state", "")
    events = Event.objects.order_by("-starts_at", "-pk")
    if state in EventState.values:
        events = events.filter(state=state)
    context = {"page_obj": page_of(request, events), "states": EventState.choices, "state": state}
    return render(request, "stories/desk_event_list.html", context)


@require_safe
@staff_only
def manage(request: HttpRequest, slug: str) -> HttpResponse:
    """One event: how it stands, what can be done with it, what was done."""
    event = _event(slug)
    context = {
        "event": event,
        "can": {verb: can_move(EVENT_MOVES, verb, event.state) for verb in EVENT_MOVES},
        "lacks": missing_to_publish(event) if event.state == EventState.DRAFT else [],
        "countries": list(event.countries.all()),
        "history": [(HAPPENED.get(entry.verb, entry.verb), entry) for entry in history_of(event)[:50]],
    }
    return render(request, "stories/desk_event.html", context)


@either_way
@staff_only
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what is missing; announce on POST."""
    event = _event(slug)
    status = 200
    if request.method == "POST":
        said = request.POST.get("version", "")
        version = int(said) if said.isascii() and said.isdigit() and len(said) < 10 else None
        deed = partial(actions.publish_event, event, by=request.user, version=version)
        status = done(request, deed, _("The event is announced."))
        if status == 200:
            return redirect(_page(event))
        event.refresh_from_db()
    context = {"event": event, "is_draft": event.state == EventState.DRAFT, "lacks": missing_to_publish(event)}
    return render(request, "stories/desk_event_publish.html", context, status=status)


@either_way
@staff_only
def cancel(request: HttpRequest, slug: str) -> HttpResponse:
    event = _event(slug)
    form = ReasonForm(request.POST or None, longest=LONGEST_WHY)
    status = done_with(
        request,
        form,
        lambda typed: actions.cancel_event(event, why=typed["why"], by=request.user),
        _("The event is cancelled."),
    )
    if status == DONE:
        return redirect(_page(event))
    return render(request, "stories/desk_event_cancel.html", {"event": event, "form": form}, status=status)


@either_way
@staff_only
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter or correct who came; at first the form says what the attendance of its trainings says."""
    event = _event(slug)
    is_new = event.state != EventState.CLOSED
    attendance = attendance_of(event)
    form = FiguresForm(request.POST or None, event=event, attendance=attendance if is_new else None)
    deed: Any = actions.close_event if is_new else actions.correct_figures
    status = done_with(
        request, form, lambda typed: deed(event, by=request.user, **form.columns()), _("The figures are saved.")
    )
    if status == DONE:
        return redirect(_page(event))
    rows = [(bound, "") for bound in form]
    if status == Conflict.status:
        form, rows = _both(request, event)
    context = {
        "event": event,
        "form": form,
        "rows": rows,
        "conflict": status == Conflict.status,
        "attendance": attendance,
        "is_possible": not is_new or can_move(EVENT_MOVES, "close", event.state),
    }
    return render(request, "stories/desk_event_close.html", context, status=status)


def _both(request: HttpRequest, event: Event) -> tuple[FiguresForm, list[tuple[Any, str]]]:
    """What was typed beside what is stored; sent again, it carries the stored version and so may replace it."""
    event.refresh_from_db()
    held = FiguresForm(event=event)
    data = request.POST.copy()
    data["seen"] = held.initial["seen"]
    form = FiguresForm(data, event=event)
    return form, drafting.both(form, held, "\n")


def _event(slug: str) -> Event:
    return get_object_or_404(Event.objects.select_related("call"), slug=slug)


def _page(event: Event) -> str:
    return reverse("desk_events:event", args=[event.slug])
