"""What the clock does to those who stand by: reminds of a call, passes it on, ends waits that cannot be served."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from bookings import notices
from bookings.actions.each import each
from bookings.actions.holds import people_of_offer
from bookings.actions.hopeless import end_hopeless
from bookings.actions.waitlist import expire_offers
from bookings.enums import BookingState
from bookings.models import Booking, StandbyEntry
from bookings.states import STANDBY_MOVES
from portal.notifications.actions import notify

BATCH = 200


def remind_called() -> int:
    """Remind those who were called and have half of their minutes left, if that is time enough; return how many.

    The rows say who, and the key of the message that it goes out once: a restart, or two workers, remind nobody twice.
    """
    called = StandbyEntry.objects.to_remind_at(timezone.now()).values_list("booking", flat=True)
    return each(called[:BATCH], _remind)


def expire_calls() -> int:
    """Pass on the calls that nobody answered in time; return how many."""
    return expire_offers(standby_entry__isnull=False)


def end_waits() -> int:
    """End the waits that cannot be served any more, and tell their people; return how many."""
    return end_hopeless(StandbyEntry, STANDBY_MOVES, "leave", notices.STANDBY_OVER)


@transaction.atomic
def _remind(pk: Any) -> bool:
    """Not while somebody answers: their row is locked."""
    rows = Booking.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    held = rows.select_related("award__holder", "booked_by").filter(pk=pk, state=BookingState.HELD).first()
    if held is None:
        return False
    notify(notices.STANDBY_ENDING, f"booking:{held.pk}", people_of_offer(held), {"booking": held.pk})
    return True
