"""Tickets for the relay's sockets, asked for by the page that will open them."""

import logging

from django.contrib.auth.decorators import login_required
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from redis.exceptions import RedisError

from bookings.actions.session import advance_session, state_at
from bookings.desktop import codes, tickets, truth
from bookings.desktop.codes import Cut
from bookings.models import Booking, Session
from portal.accounts.requests import SignedInRequest

logger = logging.getLogger(__name__)


@login_required
@require_POST
def for_session(request: SignedInRequest, ref: str) -> JsonResponse:
    """A ticket for the desktop, or with `purpose=events` for the events line; 404 to who has no business there.

    Refused with 409 and the close code that the socket would have: `{"detail": sentence, "code": 4013}`.
    """
    purpose = request.POST.get("purpose", tickets.DESKTOP)
    if purpose not in (tickets.DESKTOP, tickets.EVENTS):
        return JsonResponse({"detail": _("There is no ticket of this kind.")}, status=400)
    rows = Session.objects.select_related("booking__instrument__policy", "booking__unit__desktop")
    session = get_object_or_404(rows, booking__ref=ref)
    seen = _truth(request, session)
    if state_at(session, timezone.now()) != session.state:  # no worker was there yet: whoever comes opens the door
        advance_session(session.booking)
        seen = _truth(request, session)
    ask = truth.door_cut if purpose == tickets.DESKTOP else truth.session_cut
    if cut := ask(seen, timezone.now()):
        return _refused(cut)
    return _issued(request, purpose, session.booking, part=seen.part, clipboard=seen.clipboard)


@login_required
@require_POST
def for_check(request: SignedInRequest) -> JsonResponse:
    """A ticket for one socket of the connection check, for anybody who is signed in."""
    return _issued(request, tickets.CHECK, None)


def _truth(request: SignedInRequest, session: Session) -> truth.Truth:
    asked = truth.Asked(0, request.user.pk, request.session.session_key or "", session.pk)
    seen = truth.read([asked], timezone.now()).get(0)
    if seen is None or seen.standing is None or not seen.standing.may_watch:
        raise Http404
    return seen


def _refused(cut: Cut) -> JsonResponse:
    return JsonResponse({"detail": str(cut.sentence), "code": cut.code}, status=409)


def _issued(request: SignedInRequest, purpose: str, booking: Booking | None, **words: str) -> JsonResponse:
    try:
        ticket = tickets.issue_ticket(request, purpose, booking.pk if booking else None)
    except (RedisError, OSError) as error:
        logger.warning("no ticket can be kept: %s", error)
        return JsonResponse({"detail": str(codes.RESTART.sentence), "code": codes.RESTART.code}, status=503)
    answer = {"ticket": ticket, **words}
    if booking is not None:
        answer["address"] = f"/ws/sessions/{booking.ref}/{purpose}"
    return JsonResponse(answer, headers={"Cache-Control": "no-store"})
