"""The laboratory's page: what waits, what is live, what comes."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.enums import BookingState
from bookings.models import Booking
from instruments.models import Instrument
from portal.accounts.requests import SignedInRequest
from portal.core.paging import page_of


@login_required
@require_safe
def lab(request: SignedInRequest) -> HttpResponse:
    """For operators of a laboratory; staff see every laboratory's."""
    run = Instrument.objects.all() if request.user.is_staff else Instrument.objects.run_by(request.user)
    if not request.user.is_staff and not run.exists():
        raise PermissionDenied
    now = timezone.now()
    rows = Booking.objects.at_laboratories_of(request.user).for_page().ending_after(now).in_order()
    context = {
        "requests": rows.requested()[:50],
        "page": page_of(request, rows.filter(state=BookingState.CONFIRMED)),
        "instruments": run.select_related("organisation").order_by("name")[:50],
        "now": now,
    }
    return render(request, "bookings/lab.html", context)
