"""What was done to pledges and follow-ups, in words, and what a gift went through and did."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from donations.enums import FollowUpState, MatchState
from donations.models import FollowUp, Match, Shipment
from portal.audit.actions import history_of
from portal.audit.models import Record

SHOWN = 50
DEEDS = {
    "declare": pgettext_lazy("pledge", "Declared"),
    "change": gettext_lazy("Put down anew"),
    "contact": gettext_lazy("Staff wrote to the donor"),
    "agree": pgettext_lazy("pledge", "Agreed"),
    "allocate": gettext_lazy("Put to use"),
    "allot": gettext_lazy("More of it was allotted"),
    "free": gettext_lazy("What it was for came to nothing"),
    "free_some": gettext_lazy("Some of what it was for came to nothing"),
    "honour": pgettext_lazy("pledge", "Honoured"),
    "lapse": pgettext_lazy("pledge", "Lapsed"),
    "withdraw": pgettext_lazy("pledge", "Withdrawn"),
    "ask": pgettext_lazy("follow-up", "Asked"),
    "answer": gettext_lazy("Answered"),
    "give_up": gettext_lazy("No answer came"),
    "cancel": gettext_lazy("Not asked any more"),
    "help": gettext_lazy("Seen to"),
    "pass_on": gettext_lazy("An offer was begun to pass it on"),
    "add_photo": gettext_lazy("A photograph was added"),
}


class Event(NamedTuple):
    """A step of a gift's course: `text` is what people typed, `kind` done, now or empty for what is to come."""

    day: date | None
    title: str
    text: str = ""
    kind: str = "done"
    photos: tuple[Any, ...] = ()


def history_in_words(row: Model) -> list[tuple[str, Record]]:
    """The newest deeds, each with its record."""
    return [(str(DEEDS.get(entry.verb, entry.verb)), entry) for entry in history_of(row)[:SHOWN]]


def latest_answer(follow_ups: Iterable[FollowUp]) -> FollowUp | None:
    """The last one that was answered."""
    answered = [row for row in follow_ups if row.state == FollowUpState.ANSWERED]
    return max(answered, key=lambda row: row.months, default=None)


def reached(people: int | None, women: int | None) -> str:
    """How many people used something, in words; empty where nobody said."""
    if not people:
        return ""
    words = ngettext("%(number)d person", "%(number)d people", people) % {"number": people}
    if not women:
        return words
    return _("%(people)s, %(women)d of them women") % {"people": words, "women": women}


def course_of(match: Match) -> list[Event]:
    """What a gift went through, oldest first, and what is to come.

    Reads `match.places` with their shipments, `match.follow_ups` with their photographs and `match.passed_on_as`.
    """
    return [*_until_sent(match), *_on_the_way(match), *_asked(match), *_passed_on(match)]


def _until_sent(match: Match) -> Iterator[Event]:
    if match.offer.public_at:
        yield Event(_day(match.offer.public_at), _("Offered and vetted"))
    answers = [moment for moment in (match.need_accepted_at, match.offer_accepted_at) if moment]
    if len(answers) == 2:
        yield Event(_day(max(answers)), _("Accepted by both sides"))


def _on_the_way(match: Match) -> Iterator[Event]:
    shipment = _shipment(match)
    if shipment is not None and shipment.sent_on:
        yield Event(shipment.sent_on, _("Sent"))
    if match.state == MatchState.FAILED:
        yield Event(_day(match.updated_at), _("It came to nothing"), match.why, "now")
    elif match.state == MatchState.COMPLETED:
        came = shipment.received_on if shipment is not None and shipment.received_on else _day(match.completed_at)
        place = {"organisation": match.need.organisation}
        yield Event(came, _("Arrived at %(organisation)s") % place, shipment.receipt_words if shipment else "")
    elif shipment is not None:
        yield Event(None, str(shipment.get_state_display()).capitalize(), kind="now")
    else:
        yield Event(None, _("The shipment is being prepared"), kind="now")


def _asked(match: Match) -> Iterator[Event]:
    for row in sorted(match.follow_ups.all(), key=lambda row: row.months):
        after = ngettext("After %(months)d month", "After %(months)d months", row.months) % {"months": row.months}
        if row.state == FollowUpState.ANSWERED:
            said = ": ".join(filter(None, [str(row.get_in_use_display()), reached(row.people, row.women)]))
            yield Event(_day(row.answered_at), f"{after} – {said}", row.words, photos=tuple(row.photos.all()))
        elif row.state == FollowUpState.SILENT:
            yield Event(row.due_on, f"{after} – " + _("the laboratory has not answered"))
        elif row.state == FollowUpState.ASKED:
            yield Event(row.due_on, f"{after} – " + _("the laboratory is asked whether it is in use"), kind="now")
        elif row.state == FollowUpState.DUE:
            yield Event(row.due_on, f"{after} – " + _("the laboratory will be asked whether it is in use"), kind="")
        if row.helped_words:
            yield Event(_day(row.helped_at), _("Our staff have seen to it"), row.helped_words)


def _passed_on(match: Match) -> Iterator[Event]:
    for offer in match.passed_on_as.all():
        if offer.is_public:
            yield Event(_day(offer.public_at), _("Offered to somebody else by the laboratory"))


def _shipment(match: Match) -> Shipment | None:
    """The last one that it was in."""
    places = sorted(match.places.all(), key=lambda place: (place.is_open, place.pk))
    return places[-1].shipment if places else None


def _day(moment: Any) -> date | None:
    return timezone.localdate(moment) if moment else None
