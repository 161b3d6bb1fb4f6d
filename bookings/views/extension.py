"""A session goes on for one more step."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookings.actions.extension import another_end, extend_session
from bookings.models import Booking
from portal.accounts.requests import SignedInRequest
from portal.core.errors import Refused


@login_required
@require_POST
def extend(request: SignedInRequest, ref: str) -> HttpResponse:
    """`ends`: the end that the page showed, so that a second click does not pay again.

    Those who may not are told so by 403; what speaks against it stands on the page, which goes on as it was.
    """
    rows = Booking.objects.visible_to(request.user).for_page().exclude(session=None)
    booking = get_object_or_404(rows, ref=ref)
    try:
        extend_session(booking, by=request.user, seen=_seen(request))
    except Refused as error:
        if error.status == 403:
            raise
        for reason in error.reasons:
            messages.error(request, reason.message)
    else:
        messages.success(request, _("The session goes on for longer; the award has paid for it."))
    return redirect(booking.session)


def _seen(request: SignedInRequest) -> datetime | None:
    """The end that the page showed. Raises Refused where it is no moment with its zone."""
    text = request.POST.get("ends")
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Refused(another_end())
    return moment
