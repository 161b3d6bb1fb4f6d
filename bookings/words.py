"""What was done to a booking or a sample, in words."""

from django.utils.translation import gettext_lazy

from bookings.models import Booking, Sample
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
SAMPLE_DEEDS = {
    "declare": gettext_lazy("Declared"),
    "change": gettext_lazy("Changed"),
    "ship": gettext_lazy("Sent"),
    "receive": gettext_lazy("Received"),
    "mount": gettext_lazy("Mounted"),
    "dismount": gettext_lazy("Taken off the instrument"),
    "give_back": gettext_lazy("Sent back"),
    "destroy": gettext_lazy("Destroyed"),
    "consume": gettext_lazy("Used up"),
    "lose": gettext_lazy("Lost"),
    "refuse": gettext_lazy("Refused"),
}


def history_in_words(booking: Booking) -> list[tuple[str, Record]]:
    """The newest entries of the booking's history, each with its deed in words."""
    return [(str(DEEDS.get(entry.verb, entry.verb)), entry) for entry in history_of(booking)[:SHOWN]]


def sample_history_in_words(sample: Sample) -> list[tuple[str, Record]]:
    """The same of a sample."""
    return [(str(SAMPLE_DEEDS.get(entry.verb, entry.verb)), entry) for entry in history_of(sample)[:SHOWN]]
