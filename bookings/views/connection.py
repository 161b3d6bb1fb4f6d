"""The connection check: anybody with an account tries their line against a practice instrument of their own."""

import os

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.actions.connection import Figures, note_check
from bookings.desktop.codes import CUTS
from bookings.forms.connection import CheckForm
from bookings.lines import verdict
from bookings.models import Booking, ConnectionCheck
from bookings.views.session import find
from portal.accounts.requests import SignedInRequest

MOST_KILOBYTES = 512  # of one load


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: SignedInRequest) -> HttpResponse:
    """The page, for a booking with `?booking=`; POST keeps what the browser measured."""
    booking = _booking(request)
    if request.method == "POST":
        return _keep(request, booking)
    checks = ConnectionCheck.objects.of(request.user).filter(booking=booking)[:5]
    told = [(row, verdict(row)) for row in checks]
    context = {"booking": booking, "checks": told, "cuts": CUTS.values(), "names": list(CheckForm.base_fields)}
    return render(request, "sessions/connection_check.html", context)


def _booking(request: SignedInRequest) -> Booking | None:
    ref = request.GET.get("booking", "").replace("\0", "")
    return find(request, ref) if ref else None


def _keep(request: SignedInRequest, booking: Booking | None) -> HttpResponse:
    form = CheckForm(request.POST)
    if not form.is_valid():
        return render(request, "sessions/connection_check.html", {"booking": booking, "form": form}, status=400)
    figures = Figures(**form.cleaned_data)
    note_check(figures, by=request.user, booking=booking, browser=request.headers.get("User-Agent", ""))
    query = f"?booking={booking.ref}" if booking else ""
    return redirect(f"{reverse('connection:check')}{query}#results")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def load(request: SignedInRequest) -> HttpResponse:
    """Bytes to time: `?kilobytes=` of them that no compression makes fewer, or a body that is read and forgotten."""
    if request.method == "POST":
        return HttpResponse(status=204 if len(request.body) <= MOST_KILOBYTES * 1000 else 413)
    asked = request.GET.get("kilobytes", "")
    kilobytes = min(int(asked), MOST_KILOBYTES) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    return HttpResponse(os.urandom(kilobytes * 1000), content_type="application/octet-stream")
