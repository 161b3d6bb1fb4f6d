"""What happened in a session, in order, and how each side says it went."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.actions.room.reports import (
    REPORTED,
    is_of_laboratory,
    paid_minutes,
    return_minutes,
    was_returned,
    write_report,
)
from bookings.enums import BookingState
from bookings.events import entries_of, events_of
from bookings.forms import ReportForm, ReturnForm
from bookings.models import Booking
from bookings.views.found import READ, find_session
from portal.accounts.requests import SignedInRequest
from portal.core.errors import Refused
from portal.core.paging import page_of

PER_PAGE = 100


@login_required
@require_safe
def log(request: SignedInRequest, ref: str) -> HttpResponse:
    """Who came and went, who held control, what was said: the oldest first."""
    booking = find_session(request, ref, READ)
    page = page_of(request, events_of(booking.session), PER_PAGE)
    context = {"booking": booking, "instrument": booking.instrument, "page": page, "entries": entries_of(page)}
    return render(request, "sessions/session_log.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: SignedInRequest, ref: str) -> HttpResponse:
    """Both sides' reports; the form, for a side that has not written its own."""
    booking = find_session(request, ref, READ)
    form = ReportForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                write_report(booking, by=request.user, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, [reason.message for reason in refusal.reasons])
                status = refusal.status
            else:
                messages.success(request, _("Thank you. Both sides can read it."))
                return redirect(request.path)
    return render(request, "sessions/session_report.html", _report_context(request, booking, form), status=status)


@login_required
@require_POST
def give_back(request: SignedInRequest, ref: str) -> HttpResponse:
    """The laboratory returns minutes to the award."""
    booking = find_session(request, ref, READ)
    form = ReturnForm(request.POST)
    status = 400
    if form.is_valid():
        try:
            return_minutes(booking, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, [reason.message for reason in refusal.reasons])
            status = refusal.status
        else:
            messages.success(request, _("The minutes are back on the award."))
            return redirect("sessions:report", ref=booking.ref)
    context = _report_context(request, booking, ReportForm()) | {"return_form": form}
    return render(request, "sessions/session_report.html", context, status=status)


def _report_context(request: SignedInRequest, booking: Booking, form: ReportForm) -> dict[str, Any]:
    reports = list(booking.session.reports.select_related("author").order_by("by_laboratory"))
    may_write = request.user.has_perm("bookings.report_session", booking)
    own_side = is_of_laboratory(booking, request.user) if may_write else None
    is_over = booking.session.state in REPORTED
    returned = was_returned(booking)
    can_return = request.user.has_perm("bookings.return_minutes", booking) and not returned
    paid = paid_minutes(booking) if can_return else 0
    lost = max((told.minutes_lost for told in reports), default=0)
    return {
        "booking": booking,
        "instrument": booking.instrument,
        "reports": reports,
        "form": form,
        "is_over": is_over,
        "can_write": is_over and may_write and own_side not in {told.by_laboratory for told in reports},
        "can_return": can_return and paid > 0 and booking.state in (BookingState.COMPLETED, BookingState.MISSED),
        "returned": returned,
        "paid": paid,
        "return_form": ReturnForm(initial={"minutes": min(lost, paid) or None}),
    }
