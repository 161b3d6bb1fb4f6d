"""What was done to a booking or a sample, in words."""

from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from bookings.models import Booking, Dataset, Sample, StandbyEntry, WaitlistEntry
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
    "disturb": gettext_lazy("Something came in its way"),
    "settle": gettext_lazy("Its way is clear again"),
    "change_unit": gettext_lazy("Given another unit"),
    "change_people": gettext_lazy("Other people take part"),
    "complete": gettext_lazy("Completed"),
    "miss": gettext_lazy("Missed"),
    "fail": gettext_lazy("Failed"),
    "hold": gettext_lazy("Offered from the waiting list"),
    "call": gettext_lazy("Held for who was called from the stand-by queue"),
    "accept": gettext_lazy("Accepted"),
    "accept_to_ask": gettext_lazy("Accepted, and asked of the laboratory"),
    "expire": gettext_lazy("Not answered in time"),
    "extend": gettext_lazy("Made longer"),
    "return_minutes": gettext_lazy("Time was given back"),
}
WAIT_DEEDS = {
    "join": gettext_lazy("Joined the waiting list"),
    "offer": gettext_lazy("Time was offered"),
    "wait_on": gettext_lazy("The offer was not taken; waiting on"),
    "serve": gettext_lazy("The offer was accepted"),
    "leave": gettext_lazy("Left the waiting list"),
    "expire": gettext_lazy("The days are over"),
}
STANDBY_DEEDS = {
    "join": gettext_lazy("Joined the stand-by queue"),
    "call": gettext_lazy("Called"),
    "serve": gettext_lazy("The time was taken"),
    "pass": gettext_lazy("Not answered in time"),
    "wait_on": gettext_lazy("The laboratory took the time back; waiting on"),
    "leave": gettext_lazy("Left the stand-by queue"),
}
SAMPLE_DEEDS = {
    "declare": gettext_lazy("Declared"),
    "change": gettext_lazy("Changed"),
    "ship": gettext_lazy("Sent"),
    "receive": pgettext_lazy("sample", "Received"),
    "mount": gettext_lazy("Mounted"),
    "dismount": gettext_lazy("Taken off the instrument"),
    "give_back": gettext_lazy("Sent back"),
    "destroy": gettext_lazy("Destroyed"),
    "consume": gettext_lazy("Used up"),
    "lose": gettext_lazy("Lost"),
    "refuse": gettext_lazy("Refused"),
}

DATA_DEEDS = {
    "make": gettext_lazy("Made"),
    "add_file": gettext_lazy("A file came"),
    "refuse_file": gettext_lazy("A file arrived damaged and was not kept"),
    "give_up_file": gettext_lazy("A file never came whole"),
    "remove_file": gettext_lazy("A file was deleted"),
    "keep_longer": gettext_lazy("Kept longer"),
    "put_off": gettext_lazy("Kept longer"),
    "warn": gettext_lazy("Its people were told that it will be deleted"),
    "forget": gettext_lazy("The files were deleted: their time was over"),
}


def history_in_words(booking: Booking) -> list[tuple[str, Record]]:
    """The newest entries of the booking's history, each with its deed in words."""
    return [(str(DEEDS.get(entry.verb, entry.verb)), entry) for entry in history_of(booking)[:SHOWN]]


def sample_history_in_words(sample: Sample) -> list[tuple[str, Record]]:
    """The same of a sample."""
    return [(str(SAMPLE_DEEDS.get(entry.verb, entry.verb)), entry) for entry in history_of(sample)[:SHOWN]]


def wait_history_in_words(entry: WaitlistEntry) -> list[tuple[str, Record]]:
    """The same of a place on the waiting list."""
    return [(str(WAIT_DEEDS.get(row.verb, row.verb)), row) for row in history_of(entry)[:SHOWN]]


def dataset_history_in_words(dataset: Dataset) -> list[tuple[str, Record]]:
    """The same of a dataset; a file's deed with its name."""
    rows = history_of(dataset)[:SHOWN]
    return [(_with_name(str(DATA_DEEDS.get(row.verb, row.verb)), row), row) for row in rows]


def _with_name(words: str, row: Record) -> str:
    name = row.details.get("name")
    return gettext("%(deed)s: %(name)s") % {"deed": words, "name": name} if name else words


def standby_history_in_words(entry: StandbyEntry) -> list[tuple[str, Record]]:
    """The same of a place in a stand-by queue."""
    return [(str(STANDBY_DEEDS.get(row.verb, row.verb)), row) for row in history_of(entry)[:SHOWN]]
