"""What was done to needs, offers and gifts, in words."""

from collections.abc import Iterable

from django.db.models import Model
from django.utils.translation import gettext_lazy, pgettext_lazy

from donations.enums import Answer, Point, Side
from donations.models import Need, Offer
from donations.people import leaders_of
from portal.audit.actions import history_of
from portal.audit.models import Record

SHOWN = 50
MOVED_BY_BOTH = ("match", "reopen", "fulfil", "hand_over", "lose")
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
    "propose": pgettext_lazy("match", "Proposed"),
    "approve": gettext_lazy("Approved"),
    "reject": gettext_lazy("The proposal was taken back"),
    "say_yes": gettext_lazy("One side said yes"),
    "accept": gettext_lazy("Accepted by both sides"),
    "lapse": gettext_lazy("Not answered in time"),
    "complete": gettext_lazy("All of it has arrived"),
    "fail": gettext_lazy("Given up"),
    "lose": gettext_lazy("Lost"),
    "save": gettext_lazy("Written"),
    "renew": gettext_lazy("Renewed"),
    "withdraw_rest": gettext_lazy("The rest was withdrawn"),
    "expire_rest": gettext_lazy("The rest expired"),
    "add_photo": gettext_lazy("Photograph added"),
    "remove_photo": gettext_lazy("Photograph removed"),
    "add_paper": gettext_lazy("Paper added"),
    "remove_paper": gettext_lazy("Paper removed"),
    "extend": gettext_lazy("Prolonged"),
}
# What staff do among themselves: its people read of it only what staff write to them.
DESK_DEEDS = {
    "check": gettext_lazy("Checked"),
    "ask_clearance": gettext_lazy("Export clearance asked for"),
    "drop_clearance": gettext_lazy("Export clearance no longer asked for"),
    "clear_export": gettext_lazy("Cleared for export"),
}


def history_in_words(row: Model, *, is_desk: bool = False) -> list[tuple[str, Record]]:
    """The newest entries of the row's history, each with its deed in words; what staff check only at the desk."""
    if is_desk:
        return [(_deed(entry), entry) for entry in history_of(row)[:SHOWN]]
    entries = history_of(row).exclude(verb__in=DESK_DEEDS)[:SHOWN]
    return [(_deed(entry), entry) for entry in without_other_side(row, entries)]


def without_other_side(row: Model, entries: Iterable[Record]) -> list[Record]:
    """The entries as the row's own people read them: who moved it from the other side stays without a name."""
    told = list(entries)
    if not isinstance(row, Need | Offer):
        return told
    owner, other = (row.asked_by_id, Side.OFFER) if isinstance(row, Need) else (row.donor_id, Side.NEED)
    moved = [entry for entry in told if entry.verb in MOVED_BY_BOTH and entry.by_id != owner]
    strangers = [entry for entry in moved if entry.by and not entry.by.is_staff]
    own = {person.pk for person in leaders_of(row.organisation_id)} if strangers else set()
    for entry in strangers:
        if entry.by_id not in own:
            entry.by, entry.actor = None, str(other.label)  # shown, never saved
    return told


def _deed(entry: Record) -> str:
    if entry.verb == "check" and entry.details.get("point") in Point.values and entry.after in Answer.values:
        return f"{Point(entry.details['point']).label}: {Answer(entry.after).label}"
    words = {**DEEDS, **DESK_DEEDS}
    return str(words.get(entry.verb, entry.verb))
