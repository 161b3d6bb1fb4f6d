"""Who takes part in a booking."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.actions.participants import set_participants
from bookings.forms import ParticipantsForm
from bookings.views.booking import find
from portal.accounts.requests import SignedInRequest
from portal.core.errors import Forbidden, Refused


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: SignedInRequest, ref: str) -> HttpResponse:
    """Choose again among the award's people."""
    booking = find(request, ref)
    if not request.user.has_perm("bookings.change_participants", booking):
        raise Forbidden
    form = ParticipantsForm(request.POST if request.method == "POST" else None, booking=booking)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                set_participants(booking, list(form.cleaned_data["participants"]), by=request.user)
            except Refused as refusal:
                form.add_error(None, [reason.message for reason in refusal.reasons])
                status = refusal.status
            else:
                messages.success(request, _("Saved. Those who come and those who go have been told."))
                return redirect(booking)
    return render(request, "bookings/booking_people.html", {"booking": booking, "form": form}, status=status)
