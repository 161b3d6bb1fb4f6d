"""Own bookings: the list, one of them, and its deeds."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookings.actions import changes
from bookings.enums import FIRM, BookingState
from bookings.models import Booking
from bookings.notices.disturbance import causes_in_words
from bookings.states import BOOKING_MOVES
from bookings.words import history_in_words
from instruments.enums import AccessMode
from portal.accounts.requests import SignedInRequest
from portal.accounts.standing import keep_memberships
from portal.core.errors import Forbidden, Refused
from portal.core.forms import ReasonForm
from portal.core.machine import can_move, next_state
from portal.core.paging import page_of

Deed = Callable[..., Booking]
DONE_BY_POST = (BookingState.CONFIRMED, BookingState.COMPLETED)


@login_required
@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """Coming bookings first; `?past=1` shows those that are over or given up."""
    now = timezone.now()
    rows = Booking.objects.visible_to(request.user).for_page()
    award = request.GET.get("award", "").replace("\0", "")
    if award:
        rows = rows.filter(award__ref=award)
    past = "past" in request.GET
    if past:
        rows = rows.over_at(now).order_by("-period__startswith", "-pk")
    else:
        rows = rows.active().ending_after(now).in_order()
    return render(request, "bookings/booking_list.html", {"page": page_of(request, rows), "past": past, "award": award})


def find(request: SignedInRequest, ref: str) -> Booking:
    """The booking, if this person may see it; else 404."""
    return get_object_or_404(Booking.objects.visible_to(request.user).for_page(), ref=ref)


@login_required
@require_safe
def detail(request: SignedInRequest, ref: str) -> HttpResponse:
    keep_memberships(request.user)
    booking = find(request, ref)
    begun = booking.start <= timezone.now()

    def may(verb: str) -> bool:
        allowed = request.user.has_perm(f"bookings.{verb}_booking", booking)
        return allowed and can_move(BOOKING_MOVES, "ask_again" if verb == "move" else verb, booking.state)

    context = {
        "booking": booking,
        "participants": booking.participants.all(),
        "history": history_in_words(booking),
        "causes": causes_in_words(booking) if booking.is_active else [],
        "may_confirm": not begun and may("confirm"),
        "may_decline": may("decline"),
        "may_cancel": not begun and may("cancel"),
        "may_move": not begun and may("move"),
        "may_fail": may("fail"),
        "may_change_people": booking.state in FIRM
        and booking.end > timezone.now()
        and request.user.has_perm("bookings.change_participants", booking),
        "sees_wish": booking.state == BookingState.HELD and _sees_wish(request, booking),
        "is_new": "new" in request.GET and booking.is_active,
        "is_moved": "moved" in request.GET and booking.is_active,
        "has_session": hasattr(booking, "session") and booking.state == BookingState.CONFIRMED,
        "is_by_post": booking.instrument.access_mode == AccessMode.MAIL_IN and booking.state in DONE_BY_POST,
    }
    return render(request, "bookings/booking_detail.html", context)


def _sees_wish(request: SignedInRequest, booking: Booking) -> bool:
    """Whether this person may open the place in the queue for which the time is held."""
    place: Any = getattr(booking, "standby_entry", None) or booking.entry
    return place is not None and type(place).objects.visible_to(request.user).filter(pk=place.pk).exists()


@login_required
@require_POST
def confirm(request: SignedInRequest, ref: str) -> HttpResponse:
    booking = find(request, ref)
    changes.confirm_booking(booking, by=request.user)
    messages.success(request, _("Confirmed. Those who take part have been told."))
    return redirect(booking)


@login_required
def cancel(request: SignedInRequest, ref: str) -> HttpResponse:
    booking = find(request, ref)
    _check_allowed(request, "cancel", booking)
    fee = changes.fee_of(booking, request.user)
    texts = {
        "title": _("Cancel this booking"),
        "button": _("Cancel the booking"),
        "done": _("The booking is cancelled."),
    }
    return _with_reason(request, booking, changes.cancel_booking, texts, required=False, fee=fee, verb="cancel")


@login_required
def decline(request: SignedInRequest, ref: str) -> HttpResponse:
    booking = find(request, ref)
    _check_allowed(request, "decline", booking)
    texts = {
        "title": _("Decline this request"),
        "button": _("Decline the request"),
        "done": _("The request is declined."),
    }
    return _with_reason(request, booking, changes.decline_booking, texts, verb="decline")


@login_required
def fail(request: SignedInRequest, ref: str) -> HttpResponse:
    booking = find(request, ref)
    _check_allowed(request, "fail", booking)
    texts = {
        "title": _("The laboratory cannot keep this booking"),
        "button": _("Return the hours"),
        "done": _("The hours are returned and everybody has been told."),
    }
    return _with_reason(request, booking, changes.fail_booking, texts, verb="fail")


def _check_allowed(request: SignedInRequest, verb: str, booking: Booking) -> None:
    if not request.user.has_perm(f"bookings.{verb}_booking", booking):
        raise Forbidden


def _with_reason(
    request: SignedInRequest,
    booking: Booking,
    deed: Deed,
    texts: dict[str, str],
    *,
    required: bool = True,
    **extra: Any,
) -> HttpResponse:
    """Ask why, then do the deed: the page before anything binding."""
    form = ReasonForm(request.POST or None, longest=500, required=required)
    status = 200
    if request.method != "POST":
        next_state(BOOKING_MOVES, extra["verb"], booking.state)  # nobody is asked why for nothing
    else:
        status = 400
        if form.is_valid():
            try:
                deed(booking, by=request.user, why=form.cleaned_data["why"])
            except Refused as error:
                form.add_error(None, [reason.message for reason in error.reasons])
                status = error.status
            else:
                messages.success(request, texts["done"])
                return redirect(booking)
    context = {"booking": booking, "form": form, **texts, **extra}
    return render(request, "bookings/booking_reason.html", context, status=status)
