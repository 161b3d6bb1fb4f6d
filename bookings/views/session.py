"""The page of a live session. It follows along by asking again; nothing holds a connection."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_POST, require_safe

from bookings.actions.session import begin_session, end_session, state_at
from bookings.door import link_for
from bookings.enums import SessionState
from bookings.models import Booking
from bookings.rules import may_watch
from portal.accounts.requests import SignedInRequest

OVER = (SessionState.ENDED, SessionState.FAILED, SessionState.MISSED, SessionState.CANCELLED)


def _find(request: SignedInRequest, ref: str) -> Booking:
    rows = Booking.objects.visible_to(request.user).for_page().exclude(session=None)
    booking = get_object_or_404(rows, ref=ref)
    if not may_watch(request.user, booking):
        raise Http404
    return booking


def _context(request: SignedInRequest, booking: Booking) -> dict[str, Any]:
    now = timezone.now()
    session = booking.session
    state = state_at(session, now)
    return {
        "booking": booking,
        "session": session,
        "instrument": booking.instrument,
        "state": state,
        "is_over": state in OVER,
        "can_begin": state in (SessionState.QUEUED, SessionState.READY) and now >= session.starts_at,
        "link": link_for(request.user, session, now),
        "now": now,
        "minutes_to_start": int((session.starts_at - now).total_seconds() // 60) + 1,
        "minutes_left": int((session.ends_at - now).total_seconds() // 60) + 1,
    }


@login_required
@require_safe
def detail(request: SignedInRequest, ref: str) -> HttpResponse:
    booking = _find(request, ref)
    context = _context(request, booking) | {"participants": booking.participants.all()}
    return render(request, "sessions/session_detail.html", context)


@login_required
@require_safe
@conditional_page
def state(request: SignedInRequest, ref: str) -> HttpResponse:
    """The part of the page that changes; 304 while it has not."""
    context = _context(request, _find(request, ref))
    response = render(request, "sessions/_state.html", context)
    if context["is_over"]:
        response["X-Stop"] = "1"
    return response


@login_required
@require_POST
def begin(request: SignedInRequest, ref: str) -> HttpResponse:
    booking = _find(request, ref)
    begin_session(booking, by=request.user)
    return redirect(booking.session)


@login_required
@require_POST
def end(request: SignedInRequest, ref: str) -> HttpResponse:
    booking = _find(request, ref)
    end_session(booking, by=request.user)
    return redirect(booking.session)
