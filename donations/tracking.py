"""A carrier's file of where parcels were seen: read, with what is wrong in words. Nothing is written here."""

import csv
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import partial
from io import StringIO

from django.utils.translation import gettext as _

from portal.core.times import LocalTimeError, is_in_reach, local_moment

MOST_BYTES = 200_000
MOST_ROWS = 500
LONGEST_PLACE, LONGEST_WORDS = 120, 300
HEADS = {
    "at": ("when", "date", "time", "date and time", "timestamp", "quand", "date et heure"),
    "place": ("place", "location", "where", "lieu"),
    "words": ("what", "event", "status", "description", "what happened", "quoi", "évènement", "événement", "statut"),
}
CLOCKS = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M")


@dataclass(frozen=True)
class Seen:
    """Where parcels were seen: an aware moment, a place (may be empty), what happened."""

    at: datetime
    place: str
    words: str


@dataclass
class Reading:
    """What a file says. `faults`: sentences that name the line; `trouble` is set where nothing could be read."""

    seen: list[Seen] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    trouble: str = ""


def read(content: bytes, zone: tzinfo) -> Reading:
    """Read CSV with the columns when, place, what, parted by commas, semicolons or tabs, in UTF-8.

    Moments that name no offset are on the clock of `zone`.
    """
    if len(content) > MOST_BYTES:
        return Reading(trouble=_("The file may have up to 200 kB; this one is larger."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Reading(trouble=_("Save the file as CSV in UTF-8; this one is in another encoding, or no text at all."))
    if "\0" in text:
        return Reading(trouble=_("Save the file as CSV in UTF-8; this one is in another encoding, or no text at all."))
    try:
        rows = [(number, row) for number, row in _rows(text) if any(cell.strip() for cell in row)]
    except csv.Error:
        return Reading(trouble=_("This file cannot be read as CSV. Save it anew and send it again."))
    return _taken(rows, zone)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.split("\n", 1)[0]
    parted = csv.reader(StringIO(text, newline=""), delimiter=max(";\t,", key=first.count))
    for row in parted:
        yield parted.line_num, row


def _taken(rows: list[tuple[int, list[str]]], zone: tzinfo) -> Reading:
    places = _places(rows[0][1]) if rows else {}
    if "at" not in places or "words" not in places:
        return Reading(trouble=_("The first line must name the columns: when, place, what."))
    if len(rows) - 1 > MOST_ROWS:
        return Reading(trouble=_("A file may have up to %(most)d lines.") % {"most": MOST_ROWS})
    found = Reading()
    for number, row in rows[1:]:
        cells = {name: row[place].strip() if place < len(row) else "" for name, place in places.items()}
        try:
            found.seen.append(_seen(cells, zone))
        except ValueError as fault:
            found.faults.append(_("Line %(number)d: %(fault)s") % {"number": number, "fault": fault})
    if not found.seen and not found.faults:
        found.trouble = _("The file has no lines below the names of its columns.")
    return found


def _places(head: list[str]) -> dict[str, int]:
    names = [name.strip().lower() for name in head]
    return {
        key: place
        for key, words in HEADS.items()
        for place in [next((names.index(word) for word in words if word in names), None)]
        if place is not None
    }


def _seen(cells: dict[str, str], zone: tzinfo) -> Seen:
    """Raises ValueError with a sentence."""
    words, place = cells["words"], cells.get("place", "")
    if not words:
        raise ValueError(_("it does not say what happened."))
    if len(words) > LONGEST_WORDS or len(place) > LONGEST_PLACE:
        raise ValueError(
            _("the place may have %(place)d letters and what happened %(words)d.")
            % {"place": LONGEST_PLACE, "words": LONGEST_WORDS}
        )
    return Seen(_moment(cells["at"], zone), place, words)


def _moment(text: str, zone: tzinfo) -> datetime:
    """Raises ValueError with a sentence."""
    found = _parsed(text)
    if found is None or not is_in_reach(found):
        raise ValueError(_("“%(text)s” is no day and time; write 2027-03-22 14:05.") % {"text": text[:40]})
    if found.tzinfo is not None:
        return found
    try:
        return local_moment(found, zone)
    except LocalTimeError as error:
        raise ValueError(str(error)) from error


def _parsed(text: str) -> datetime | None:
    if len(text) <= len("2027-03-22"):
        return None  # a day without a time
    by_clock: list[Callable[[str], datetime]] = [partial(_by_clock, clock=clock) for clock in CLOCKS]
    for read_as in (datetime.fromisoformat, *by_clock):
        with suppress(ValueError):
            return read_as(text)
    return None


def _by_clock(text: str, clock: str) -> datetime:
    return datetime.strptime(text, clock)  # noqa: DTZ007 the zone is the caller's
