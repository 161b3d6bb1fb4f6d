"""What was done to a booking, in words."""

from django.utils.translation import gettext_lazy

from bookings.models import Booking
from portal.audit.actions import history_of
from portal.audit.models import Record

SHOWN = 50
DEEDS = {
    "request": gettext_lazy("Booked"),
    "confirm": gettext_lazy("Confirmed"),
    "decline": gettext_lazy("Declined"),
    "lapse": gettext_lazy("Lapsed"),
    "cancel": gettext_lazy("Cancelled"),
    "move": gettext_lazy("Moved"),
    "complete": gettext_lazy("Completed"),
    "miss": gettext_lazy("Missed"),
    "fail": gettext_lazy("Failed"),
}


def history_in_words(booking: Booking) -> list[tuple[str, Record]]:
    """The newest entries of the booking's history, each with its deed in words."""
    return [(str(DEEDS.get(entry.verb, entry.verb)), entry) for entry in history_of(booking)[:SHOWN]]
