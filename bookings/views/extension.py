"""A session goes on for one more step."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookings.actions.extension import extend_session
from bookings.models import Booking
from portal.accounts.requests import SignedInRequest
from portal.core.errors import Refused


@login_required
@require_POST
def extend(request: SignedInRequest, ref: str) -> HttpResponse:
    """Those who may not are told so by 403; what speaks against it stands on the page, which goes on as it was."""
    rows = Booking.objects.visible_to(request.user).for_page().exclude(session=None)
    booking = get_object_or_404(rows, ref=ref)
    try:
        extend_session(booking, by=request.user)
    except Refused as error:
        if error.status == 403:
            raise
        for reason in error.reasons:
            messages.error(request, reason.message)
    else:
        messages.success(request, _("The session goes on for longer; the award has paid for it."))
    return redirect(booking.session)
