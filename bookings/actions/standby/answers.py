"""Who was called takes the time, or leaves the queue."""

from django.utils.translation import gettext as _

from bookings.actions.holds import move_standby, release_hold
from bookings.actions.waitlist.answers import accept_offer
from bookings.actions.waitlist.offers import offer_freed_time
from bookings.enums import BookingState, StandbyState
from bookings.locks import lock_to_free
from bookings.models import Booking, StandbyEntry
from portal.accounts.models import User
from portal.core.errors import Forbidden, Reason, Refused, WrongState
from portal.core.later import later
from portal.core.retry import in_transaction


def accept_call(entry: StandbyEntry, *, by: User) -> Booking:
    """Take the time that is held: the award pays now, and it becomes a booking as any other.

    Raises Forbidden; Refused `not_called`, or as `accept_offer` does. Nothing is written then.
    """
    booking = Booking.objects.for_page().filter(standby_entry=entry).first()
    if booking is None:
        raise Refused(Reason("not_called", _("You have not been called. You are told as soon as you are.")))
    return accept_offer(booking, by=by)


def leave_standby(entry: StandbyEntry, *, by: User) -> StandbyEntry:
    """Give the place up; time that is held for it goes on to the next. Raises Forbidden, WrongState."""
    if not by.has_perm("bookings.leave_standby", entry):
        raise Forbidden

    def deed() -> StandbyEntry:
        held = Booking.objects.filter(standby_entry=entry, state=BookingState.HELD).select_related("instrument").first()
        row = lock_to_free(held) if held else None
        place = StandbyEntry.objects.select_for_update(no_key=True).get(pk=entry.pk)
        if row is not None and row.state == BookingState.HELD and place.booking_id == row.pk:
            release_hold(row, "cancel", by=by)
            offer_freed_time(row.instrument, row.occupied_span)
            later("bookings.call_standby")
            place.refresh_from_db()
            return place
        if place.state == StandbyState.CALLED:  # called in this very moment, to time that is not locked
            raise WrongState("leave", place.state)
        move_standby(place, "leave", by=by)
        return place

    return in_transaction(deed)
