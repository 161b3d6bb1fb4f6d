"""What happens to a booking once it is made: confirmed, declined, lapsed, cancelled, moved, failed."""

from bookings.actions.changes.answer import confirm_booking, decline_booking, lapse_booking
from bookings.actions.changes.ending import cancel_booking, end_badly, fail_booking
from bookings.actions.changes.fees import fee_of, late_fee
from bookings.actions.changes.move import check_may_move, move_booking

__all__ = [
    "cancel_booking",
    "check_may_move",
    "confirm_booking",
    "decline_booking",
    "end_badly",
    "fail_booking",
    "fee_of",
    "lapse_booking",
    "late_fee",
    "move_booking",
]
