"""The log of a session: lines that came and went, deeds of its people and of the clock, words; in one order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, F, QuerySet, Value
from django.utils.translation import gettext_lazy, pgettext_lazy

from bookings.models import Attendance, ChatMessage, Session
from portal.accounts.models import User
from portal.audit.models import Record

# How a deed is told; those not named here (a ticket, a first joining) are told by other lines of the log.
DEEDS = {
    "queue": pgettext_lazy("session", "Being prepared"),
    "prepare": pgettext_lazy("session", "The instrument is ready"),
    "open": pgettext_lazy("session", "Opened"),
    "end": pgettext_lazy("session", "Ended"),
    "fail": pgettext_lazy("session", "Failed"),
    "miss": pgettext_lazy("session", "Missed: nobody came"),
    "cancel": pgettext_lazy("session", "Given up"),
    "reschedule": pgettext_lazy("session", "Moved to another time"),
    "check_in": gettext_lazy("Runs the session"),
    "check_out": gettext_lazy("Does not run the session any more"),
    "extend": gettext_lazy("Made longer"),
    "get_control": gettext_lazy("Got control, which nobody held"),
    "ask_control": gettext_lazy("Asked for control"),
    "hand_over": gettext_lazy("Handed control over"),
    "release_control": gettext_lazy("Let go of control"),
    "take_control": gettext_lazy("Took control for the laboratory"),
    "drop_control": gettext_lazy("Line of who has control dropped; it is kept for three minutes"),
    "resume_control": gettext_lazy("Came back in time and still has control"),
    "lose_control": gettext_lazy("Control fell free"),
    "invite_guest": gettext_lazy("Invited somebody to watch"),
    "withdraw_guest": gettext_lazy("Withdrew an invitation"),
    "report": gettext_lazy("Told how it went"),
}


@dataclass(frozen=True)
class Event:
    """A line of the log. `kind`: came, went, deed or said; `has` is the name of who holds control from then on."""

    at: datetime
    kind: str
    who: str
    words: str
    has: str = ""


def events_of(session: Session) -> QuerySet[Any, Any]:
    """(moment, kind, key) of everything in the log, the oldest first; page it, then ask `entries_of`."""
    lines = Attendance.objects.filter(session=session)
    deeds = Record.objects.filter(model=session._meta.label_lower, row_id=session.pk, verb__in=list(DEEDS))
    parts = [
        _part(lines, "joined_at", "came"),
        _part(lines.exclude(left_at=None), "left_at", "went"),
        _part(deeds, "at", "deed"),
        _part(ChatMessage.objects.filter(session=session), "sent_at", "said"),
    ]
    return parts[0].union(*parts[1:], all=True).order_by("moment", "row")


def entries_of(rows: Iterable[tuple[datetime, str, int]]) -> list[Event]:
    """Those of one page in words, in three statements at most."""
    keys: dict[str, set[int]] = {"came": set(), "went": set(), "deed": set(), "said": set()}
    rows = list(rows)
    for _moment, kind, key in rows:
        keys[kind].add(key)
    lines = Attendance.objects.select_related("user").in_bulk(keys["came"] | keys["went"])
    deeds = Record.objects.select_related("by").in_bulk(keys["deed"])
    said = ChatMessage.objects.select_related("author").in_bulk(keys["said"])
    names = _names_of(deeds.values())
    found = []
    for moment, kind, key in rows:
        if kind == "deed":
            found.append(_deed(deeds[key], names))
        elif kind == "said":
            found.append(Event(moment, kind, said[key].author.name, said[key].text))
        else:
            line = lines[key]
            words = line.get_part_display() if kind == "came" else line.get_left_why_display()
            found.append(Event(moment, kind, line.user.name, words))
    return found


def _part(rows: QuerySet[Any], moment: str, kind: str) -> QuerySet[Any, Any]:
    named = rows.order_by().annotate(moment=F(moment), kind_of=Value(kind, CharField()), row=F("pk"))
    return named.values_list("moment", "kind_of", "row")


def _deed(record: Record, names: dict[int, str]) -> Event:
    who = record.by.name if record.by else ""
    return Event(record.at, "deed", who, str(DEEDS[record.verb]), names.get(record.details.get("has") or 0, ""))


def _names_of(records: Iterable[Record]) -> dict[int, str]:
    """The names of those to whom control went."""
    keys = {record.details["has"] for record in records if record.details.get("has")}
    return dict(User.objects.filter(pk__in=keys).values_list("pk", "name"))
