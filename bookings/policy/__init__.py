"""The rules of booking: one function answers *allowed* (no reasons) or every reason against, in words and codes.

`reasons_against` asks what is true of the time for everybody, with an award also what the award itself says; `verdict`
asks all rules, of the award's limits, its hours and its people too. Pages, API, admin, moves, series, the waiting list
and the list of free slots ask them. What only a write can settle - whether the time is still free and the balance still
suffices - is decided by the database: see actions.
"""

from bookings.policy.all import NEVER_OVERRIDDEN, is_final, reasons_against, verdict
from bookings.policy.people import certified, not_of_the_award, of_people
from bookings.policy.words import in_words, taken

__all__ = [
    "NEVER_OVERRIDDEN",
    "certified",
    "in_words",
    "is_final",
    "not_of_the_award",
    "of_people",
    "reasons_against",
    "taken",
    "verdict",
]
