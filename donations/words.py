"""What was done to needs, offers and gifts, in words."""

from django.db.models import Model
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.audit.actions import history_of
from portal.audit.models import Record

SHOWN = 50
DEEDS = {
    "start": gettext_lazy("Begun"),
    "submit": gettext_lazy("Handed in"),
    "offer": gettext_lazy("Handed in"),
    "resubmit": gettext_lazy("Handed in again"),
    "ask": gettext_lazy("Asked back"),
    "verify": gettext_lazy("Verified and open"),
    "vet": gettext_lazy("Vetted and public"),
    "refuse": gettext_lazy("Refused"),
    "match": gettext_lazy("Matched, all of it"),
    "reopen": gettext_lazy("Open again"),
    "fulfil": gettext_lazy("Fulfilled"),
    "hand_over": gettext_lazy("Handed over"),
    "recall": gettext_lazy("Recalled"),
    "give_back": gettext_lazy("Given back"),
    "expire": pgettext_lazy("need or offer", "Expired"),
    "withdraw": gettext_lazy("Withdrawn"),
    "propose": gettext_lazy("Proposed"),
    "approve": gettext_lazy("Approved"),
    "reject": gettext_lazy("The proposal was taken back"),
    "say_yes": gettext_lazy("One side said yes"),
    "accept": gettext_lazy("Accepted by both sides"),
    "lapse": gettext_lazy("Not answered in time"),
    "complete": gettext_lazy("All of it has arrived"),
    "fail": gettext_lazy("Given up"),
    "lose": gettext_lazy("Lost"),
}


def history_in_words(row: Model) -> list[tuple[str, Record]]:
    """The newest entries of the row's history, each with its deed in words."""
    return [(str(DEEDS.get(entry.verb, entry.verb)), entry) for entry in history_of(row)[:SHOWN]]
