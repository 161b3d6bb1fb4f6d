"""The booking behind an address of sessions."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from bookings.models import Booking
from bookings.querysets import BookingQuerySet
from portal.accounts.requests import SignedInRequest
from portal.accounts.standing import keep_memberships

WATCH, READ = "bookings.watch_session", "bookings.read_log"


def find_booking(request: SignedInRequest, ref: str, permission: str = WATCH) -> Booking:
    """The booking of which this person has the permission; for everybody else, and where there is none, 404."""
    return _found(request, Booking.objects.all(), ref, permission)


def _found(request: SignedInRequest, rows: BookingQuerySet, ref: str, permission: str) -> Booking:
    booking: Booking = get_object_or_404(rows.for_page().select_related("award__holder"), ref=ref)
    if not request.user.has_perm(permission, booking):
        raise Http404
    return booking


def find_shown(request: SignedInRequest, ref: str) -> Booking:
    """The booking, for a page that asks many times what this person may do: it keeps who they are and who takes part.

    Never for deeds, which look again.
    """
    keep_memberships(request.user)
    return _found(request, Booking.objects.prefetch_related("participants"), ref, WATCH)


def find_session_shown(request: SignedInRequest, ref: str) -> Booking:
    """The same, of a booking that has a session."""
    return _with_session(find_shown(request, ref))


def find_session(request: SignedInRequest, ref: str, permission: str = WATCH) -> Booking:
    """The booking of which this person has the permission and that has a session."""
    return _with_session(find_booking(request, ref, permission))


def _with_session(booking: Booking) -> Booking:
    if getattr(booking, "session", None) is None:
        raise Http404
    return booking
