"""Stand-by queues: own places, one of them with its call, and its deeds."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_POST, require_safe

from bookings.actions.standby import accept_call, join_standby, leave_standby
from bookings.enums import BookingState, StandbyState
from bookings.forms import StandbyForm
from bookings.models import StandbyEntry
from bookings.queue import outlooks_of
from bookings.words import standby_history_in_words
from calls.models import Award
from portal.accounts.requests import SignedInRequest
from portal.core.errors import Refused
from portal.core.paging import page_of


@login_required
@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """Open places, first come first; the laboratory sees its queues. `?past=1` shows those that are over."""
    rows = StandbyEntry.objects.visible_to(request.user).for_list()
    past = "past" in request.GET
    page = page_of(request, rows.closed().order_by("-pk") if past else rows.open().order_by("created_at", "pk"))
    outlooks = {} if past else outlooks_of(list(page), timezone.now())
    lines = [(entry, outlooks.get(entry.pk)) for entry in page]
    return render(request, "bookings/standby_list.html", {"page": page, "lines": lines, "past": past})


@login_required
def join(request: SignedInRequest) -> HttpResponse:
    """Join a queue; `?award=` names the award whose week offered no time that suits."""
    awards = _awards(request)
    form = StandbyForm(awards, request.POST if request.method == "POST" else None, initial=_asked(request))
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            typed = form.cleaned_data
            try:
                entry = join_standby(
                    typed["award"], typed["hours"], form.until, by=request.user, purpose=typed["purpose"]
                )
            except Refused as error:
                form.add_error(None, [reason.message for reason in error.reasons])
                status = error.status
            else:
                return redirect(entry)
    context = {"form": form, "has_awards": awards.exists()}
    return render(request, "bookings/standby_join.html", context, status=status)


@login_required
@require_safe
def detail(request: SignedInRequest, ref: str) -> HttpResponse:
    return _show(request, _find(request, ref))


@login_required
@require_safe
@conditional_page
def state(request: SignedInRequest, ref: str) -> HttpResponse:
    """The part of the page that changes; 304 while it has not."""
    entry = _find(request, ref)
    response = render(request, "bookings/_standby.html", _context(request, entry))
    if not entry.is_open:
        response["X-Stop"] = "1"
    return response


@login_required
@require_POST
def accept(request: SignedInRequest, ref: str) -> HttpResponse:
    entry = _find(request, ref)
    try:
        booking = accept_call(entry, by=request.user)
    except Refused as error:
        if error.status == 403:
            raise
        return _show(request, _find(request, ref), error.reasons, status=error.status)
    return redirect(booking.get_absolute_url() + "?new=1")


@login_required
@require_POST
def leave(request: SignedInRequest, ref: str) -> HttpResponse:
    entry = _find(request, ref)
    try:
        leave_standby(entry, by=request.user)
    except Refused as error:
        if error.status == 403:
            raise
        return _show(request, _find(request, ref), error.reasons, status=error.status)
    messages.success(request, _("You have left the stand-by queue."))
    return redirect(entry)


def _show(request: SignedInRequest, entry: StandbyEntry, reasons: Any = (), status: int = 200) -> HttpResponse:
    context = _context(request, entry) | {"history": standby_history_in_words(entry), "reasons": reasons}
    return render(request, "bookings/standby_detail.html", context, status=status)


def _context(request: SignedInRequest, entry: StandbyEntry) -> dict[str, Any]:
    now, held = timezone.now(), entry.booking
    is_called = entry.state == StandbyState.CALLED and held is not None and held.state == BookingState.HELD
    call = held if is_called and held is not None and held.held_until and held.held_until > now else None
    return {
        "entry": entry,
        "instrument": entry.instrument,
        "call": call,
        "served": held if entry.state == StandbyState.SERVED else None,
        "outlook": outlooks_of([entry], now).get(entry.pk),
        "may_answer": call is not None and request.user.has_perm("bookings.answer_offer", call),
        "may_leave": entry.is_open and request.user.has_perm("bookings.leave_standby", entry),
    }


def _find(request: SignedInRequest, ref: str) -> StandbyEntry:
    """The place, if this person may see it; else 404."""
    return get_object_or_404(StandbyEntry.objects.visible_to(request.user).for_list(), ref=ref)


def _awards(request: SignedInRequest) -> Any:
    """The awards with hours on an instrument that keeps a queue."""
    rows = Award.objects.bookable_by(request.user).select_related("instrument")
    kept = {"instrument__policy__has_standby": True, "instrument__policy__needs_confirmation": False}
    return rows.filter(**kept).order_by("instrument__name", "pk")


def _asked(request: SignedInRequest) -> dict[str, Any]:
    """What the week page knows already: the award and the length in minutes."""
    asked: dict[str, Any] = {}
    minutes = request.GET.get("length", "")
    if minutes.isdecimal() and 0 < len(minutes) < 7:
        asked["hours"] = int(minutes)
    if award := request.GET.get("award", "").replace("\0", ""):
        asked["award"] = _awards(request).filter(ref=award).first()
    return asked
