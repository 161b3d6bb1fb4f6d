"""The page of a live session, and of work without one. It follows along by asking again; a socket only says when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_POST, require_safe

from bookings.actions.extension import may_extend
from bookings.actions.session import begin_session, end_session, state_at
from bookings.desktop.codes import CUTS
from bookings.door import desktop_of, link_for, opens_by_clock
from bookings.enums import BookingState, SessionState
from bookings.models import Booking, ConnectionCheck, Dataset, Session
from bookings.views.found import find_session, find_session_shown, find_shown
from bookings.views.room import room_context
from instruments.enums import AccessMode, Clipboard, DesktopTrouble
from portal.accounts.models import User
from portal.accounts.requests import SignedInRequest
from portal.core import times

OVER = (SessionState.ENDED, SessionState.FAILED, SessionState.MISSED, SessionState.CANCELLED)
INWARD = (Clipboard.TO_INSTRUMENT, Clipboard.BOTH)
OUTWARD = (Clipboard.FROM_INSTRUMENT, Clipboard.BOTH)


@dataclass(frozen=True)
class Room:
    """What the page and its fragment say of a session to one reader at one moment."""

    user: User
    booking: Booking
    now: datetime

    @property
    def session(self) -> Session:
        return self.booking.session

    def context(self) -> dict[str, Any]:
        session, state = self.session, state_at(self.session, self.now)
        has_desktop = desktop_of(self.booking) is not None
        return {
            "booking": self.booking,
            "session": session,
            "instrument": self.booking.instrument,
            "state": state,
            "is_over": state in OVER,
            "is_observed": self.booking.instrument.access_mode == AccessMode.OBSERVED,
            "has_desktop": has_desktop,
            "is_open": has_desktop and state == SessionState.LIVE and self.now < session.ends_at,
            "by_clock": opens_by_clock(self.booking),
            "can_begin": self._can_begin(state),
            "may_end": self.user.has_perm("bookings.end_session", self.booking),
            "can_extend": self.user.has_perm("bookings.extend_session", self.booking) and may_extend(session),
            "may_read_log": self.user.has_perm("bookings.read_log", self.booking),
            "link": link_for(self.user, session, self.now),
            "now": self.now,
            "minutes_to_start": int((session.starts_at - self.now).total_seconds() // 60) + 1,
            "minutes_left": int((session.ends_at - self.now).total_seconds() // 60) + 1,
        }

    def _can_begin(self, state: str) -> bool:
        is_due = state in (SessionState.QUEUED, SessionState.READY) and self.now >= self.session.starts_at
        return is_due and self.user.has_perm("bookings.begin_session", self.booking)

    def page_context(self) -> dict[str, Any]:
        """What stands still on the page."""
        desktop = desktop_of(self.booking)
        clipboard = desktop.clipboard if desktop else Clipboard.NONE
        moving = self.context() | room_context(self.user, self.booking)
        return moving | {
            "clocks": self._clocks(),
            "function_keys": [(number, hex(0xFFBD + number)) for number in range(1, 13)],  # X11: XK_F1 is 0xffbe
            "participants": self.booking.participants.all(),
            "may_see_booking": self.user.has_perm(
                "bookings.see_booking", self.booking
            ),  # a guest sees the session alone
            "may_control": self.user.has_perm("bookings.control_session", self.booking),
            "clipboard_in": clipboard in INWARD,
            "clipboard_out": clipboard in OUTWARD,
            "cuts": CUTS.values() if desktop else (),
            "troubles": DesktopTrouble.choices if desktop else (),
            "line": ConnectionCheck.objects.of(self.user).first() if desktop else None,
        }

    def _clocks(self) -> list[tuple[str, str, str]]:
        """Zone, time now and words of the reader's clock, and of the laboratory's where it shows another time."""
        own, lab = timezone.get_current_timezone(), self.booking.instrument.zone
        clocks = [(times.zone_name(own), times.clock_text(self.now, own), times.zone_words(own))]
        if not times.same_clock(self.now, self.now, own, lab):
            there = _("at the lab in %(place)s") % {"place": self.booking.instrument.place}
            clocks.append((times.zone_name(lab), times.clock_text(self.now, lab), there))
        return clocks


@login_required
@require_safe
def detail(request: SignedInRequest, ref: str) -> HttpResponse:
    booking = find_shown(request, ref)
    if getattr(booking, "session", None) is None:
        return _mail_in(request, booking)
    return render(request, "sessions/session_detail.html", Room(request.user, booking, timezone.now()).page_context())


def _mail_in(request: SignedInRequest, booking: Booking) -> HttpResponse:
    """Samples go in, data come out: nothing is live, so the page tells where things are."""
    if booking.instrument.access_mode != AccessMode.MAIL_IN:
        raise Http404
    now = timezone.now()
    context = {
        "booking": booking,
        "instrument": booking.instrument,
        "samples": booking.samples.order_by("pk"),
        "datasets": Dataset.objects.visible_to(request.user).filter(booking=booking).for_page(),
        "is_confirmed": booking.state in (BookingState.CONFIRMED, BookingState.COMPLETED),
        "has_begun": booking.start <= now,
        "is_past": booking.end <= now,
    }
    return render(request, "sessions/mail_in.html", context)


@login_required
@require_safe
@conditional_page
def state(request: SignedInRequest, ref: str) -> HttpResponse:
    """The part of the page that changes; 304 while it has not."""
    context = Room(request.user, find_session_shown(request, ref), timezone.now()).context()
    response = render(request, "sessions/_state.html", context)
    if context["is_over"]:
        response["X-Stop"] = "1"
    return response


@login_required
@require_POST
def begin(request: SignedInRequest, ref: str) -> HttpResponse:
    booking = find_session(request, ref)
    begin_session(booking, by=request.user)
    return redirect(booking.session)


@login_required
@require_POST
def end(request: SignedInRequest, ref: str) -> HttpResponse:
    booking = find_session(request, ref)
    end_session(booking, by=request.user)
    return redirect(booking.session)
