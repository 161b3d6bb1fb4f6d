"""The booking behind an address of sessions."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from bookings.models import Booking
from portal.accounts.requests import SignedInRequest

WATCH, READ = "bookings.watch_session", "bookings.read_log"


def find_booking(request: SignedInRequest, ref: str, permission: str = WATCH) -> Booking:
    """The booking of which this person has the permission; for everybody else, and where there is none, 404."""
    booking = get_object_or_404(Booking.objects.for_page().select_related("award__holder"), ref=ref)
    if not request.user.has_perm(permission, booking):
        raise Http404
    return booking


def find_session(request: SignedInRequest, ref: str, permission: str = WATCH) -> Booking:
    """The same, of a booking that has a session."""
    booking = find_booking(request, ref, permission)
    if getattr(booking, "session", None) is None:
        raise Http404
    return booking
