"""The connection check: anybody with an account tries their line against a practice instrument of their own."""

import os
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.actions.connection import Figures, note_check
from bookings.desktop.codes import CUTS
from bookings.forms.connection import FIGURES, CheckForm
from bookings.lines import verdict
from bookings.models import Booking, ConnectionCheck
from bookings.slots import DAY
from bookings.views.found import find_booking
from portal.accounts.requests import SignedInRequest

MOST_KILOBYTES = 512  # of one load
COMING = 60  # days in which a booking may begin to be offered for the result
OFFERED = 20  # bookings
SHOWN = 5  # checks


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: SignedInRequest) -> HttpResponse:
    """The page, for the next booking or that of `?booking=`; POST keeps what the browser measured."""
    offered = _offered(request)
    chosen = next(iter(offered), None)
    initial = {"booking": chosen.ref} if chosen else {}
    if request.method != "POST":
        return _page(request, CheckForm(bookings=offered, initial=initial))
    form = CheckForm(request.POST, bookings=offered)
    return _keep(request, form) if form.is_valid() else _page(request, form, status=400)


def _offered(request: SignedInRequest) -> list[Booking]:
    """The bookings that a result may be kept with: the one asked for, then the coming ones with a screen."""
    ref, now = request.GET.get("booking", "").replace("\0", ""), timezone.now()
    asked = [find_booking(request, ref)] if ref else []
    coming = Booking.objects.to_join(request.user, now, now + COMING * DAY).filter(unit__desktop__isnull=False)
    return asked + [row for row in coming.for_page()[:OFFERED] if row not in asked]


def _page(request: SignedInRequest, form: CheckForm, status: int = 200) -> HttpResponse:
    rows = ConnectionCheck.objects.of(request.user).select_related("booking__instrument")[:SHOWN]
    context = {"form": form, "checks": [(row, verdict(row)) for row in rows], "cuts": CUTS.values()}
    return render(request, "sessions/connection_check.html", context, status=status)


def _keep(request: SignedInRequest, form: CheckForm) -> HttpResponse:
    booking: Booking | None = form.cleaned_data["booking"]
    figures = cast("Figures", {name: form.cleaned_data[name] for name in FIGURES})
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
