"""What giving a booking up costs, and when it costs nothing."""

from datetime import timedelta

from django.utils import timezone

from bookings.enums import BookingState
from bookings.models import Booking
from instruments.enums import InstrumentState
from portal.accounts.models import User


def fee_of(booking: Booking, by: User | None) -> int:
    """Minutes that a cancellation by `by` (None: the clock) at this moment would keep."""
    fee = late_fee(booking)
    return 0 if fee and is_free(booking, by) else fee


def late_fee(booking: Booking) -> int:
    """Minutes that the policy keeps of a cancellation at this moment, whoever cancels."""
    policy = booking.instrument.policy
    if timezone.now() <= booking.start - timedelta(minutes=policy.cancel_notice):
        return 0
    return booking.minutes * policy.late_cancel_percent // 100


def is_free(row: Booking, by: User | None) -> bool:
    """Whether giving it up costs nothing: by laboratory or clock, unconfirmed, or not to be held as it stands."""
    if by is None or row.state != BookingState.CONFIRMED:
        return True
    if row.disturbances or row.instrument.state != InstrumentState.LISTED:
        return True
    return by.has_perm("bookings.override_booking", row)
