"""iCalendar objects (RFC 5545) as text.

The library icalendar takes about 350 microseconds an event, half of a second for a feed; this takes a fiftieth, and
the tests read what it writes with that library.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property
from typing import NamedTuple, NewType
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse

from portal.core.ics_zones import is_utc, zone_lines

MOMENT = timedelta(microseconds=1)
OCTETS = 75  # of a line, its end left out (RFC 5545, 3.1)
BREAKS = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")  # what anybody takes for the end of a line
CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f]")
ODD = re.compile("[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029]")  # any of either
TWO = tuple(f"{number:02}" for number in range(60))  # formatting thousands of them anew takes longer than all else
PIECE = re.compile(rb"(?s).{1,%d}(?![\x80-\xbf])" % (OCTETS - 1))  # one octet is the space of those that follow


Value = NewType("Value", str)  # a text as `escaped` gives it


@dataclass(frozen=True, eq=False)
class What:
    """What events have in common: make one for all that are alike, and it is written once.

    Texts are as people wrote them, the description line by line; `zone` is that of the place.
    """

    summary: str
    zone: tzinfo
    lines: tuple[str, ...] = ()
    location: str = ""
    status: str = "CONFIRMED"
    takes_time: bool = True  # whether the reader is busy then
    people: tuple[str, ...] = ()  # organizer and attendee, as whole lines
    is_whole_days: bool = False  # from midnight to midnight in `zone`: written as days, whose end is the day after

    @cached_property
    def head(self) -> str:
        """The lines before the description."""
        lines = [
            f"SUMMARY:{escaped(self.summary)}",
            f"STATUS:{self.status}",
            f"TRANSP:{'OPAQUE' if self.takes_time else 'TRANSPARENT'}",
        ]
        if self.location:
            lines.append(f"LOCATION:{escaped(self.location)}")
        return "".join(f"{folded(line)}\r\n" for line in lines)

    @cached_property
    def words(self) -> str:
        """The lines of the description as one value."""
        return "\\n".join(map(escaped, self.lines))

    @cached_property
    def more(self) -> list[str]:
        """The same as it goes on after another line."""
        return [folded(f" \\n{self.words}")] if self.lines else []

    @cached_property
    def foot(self) -> str:
        """The lines at the end."""
        return "\r\n".join([*map(folded, self.people), "END:VEVENT"])

    @cached_property
    def in_zone(self) -> str:
        """What stands between the name of a time and its value; nothing where times are written in UTC."""
        return "" if is_utc(self.zone) else f";TZID={self.zone}:"


class Event(NamedTuple):
    """One period; of its own `lines` of the description the first stands before those of `what`, the others after."""

    uid: str
    sequence: int
    changed: datetime
    start: datetime
    end: datetime
    what: What
    lines: tuple[Value, ...] = ()
    url: str = ""


def calendar(product: str, head: Iterable[tuple[str, str]], events: Iterable[Event]) -> str:
    """One object of these events; `head` is further properties of its own, whose values need no escaping any more.

    Events are written one by one: thousands of them in memory at once keep Python's collector busy.
    """
    years: dict[tzinfo, tuple[int, int]] = {}
    written = []
    for event in events:
        if not event.what.is_whole_days:
            zone, begins, ends = event.what.zone, event.start.year, event.end.year
            first, last = years.setdefault(zone, (begins, ends))
            if begins < first or ends > last:
                years[zone] = min(first, begins), max(last, ends)
        written.append(_event(event))
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{escaped(product)}", "CALSCALE:GREGORIAN"]
    lines += [f"{name}:{value}" for name, value in head]
    for zone, (first, last) in years.items():
        lines += zone_lines(zone, first - 1, last + 1)
    return "\r\n".join([*map(folded, lines), *written, "END:VCALENDAR\r\n"])


def escaped(text: str) -> Value:
    """Text as a value (RFC 5545, 3.3.11); whatever ends a line becomes a written line break, other controls go."""
    if ODD.search(text):
        text = CONTROLS.sub("", BREAKS.sub("\n", text))
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return Value(text.replace("\n", "\\n"))


def quoted(text: str) -> str:
    """Text as the value of a parameter, which knows no quotation marks and no line breaks (3.2)."""
    return '"' + CONTROLS.sub("", BREAKS.sub(" ", text)).replace('"', "'") + '"'


def folded(line: str) -> str:
    """A line in pieces of at most 75 octets, no letter cut in two; each further one begins with a space."""
    if len(line) <= OCTETS and line.isascii():
        return line
    return b"\r\n ".join(PIECE.findall(line.encode())).decode()


def utc_text(moment: datetime) -> str:
    """`20270322T090000Z`"""
    return _wall_text(moment if moment.tzinfo is UTC else moment.astimezone(UTC)) + "Z"


def _wall_text(wall: datetime) -> str:
    return f"{wall.year}{TWO[wall.month]}{TWO[wall.day]}T{TWO[wall.hour]}{TWO[wall.minute]}{TWO[wall.second]}"


def _times(start: datetime, end: datetime, what: What) -> tuple[str, str]:
    """Start and end on the place's clocks; in UTC where clocks show one of them for the second time.

    A wall time that comes twice means the first of the two (3.3.5), so the second has no other way to be told.
    """
    first, last = start.astimezone(what.zone), end.astimezone(what.zone)
    if what.is_whole_days:
        after = (last.astimezone(UTC) - MOMENT).astimezone(what.zone).date() + timedelta(1)
        return f";VALUE=DATE:{first:%Y%m%d}", f";VALUE=DATE:{after:%Y%m%d}"
    zone = what.in_zone
    if first.fold or last.fold or not zone:
        return f":{utc_text(start)}", f":{utc_text(end)}"
    return zone + _wall_text(first), zone + _wall_text(last)


def _description(lines: tuple[Value, ...], what: What) -> str:
    """The property; each line of a description begins a piece, so that what is the same is folded once."""
    if not lines:
        return folded(f"DESCRIPTION:{what.words}") + "\r\n" if what.lines else ""
    first, *others = lines
    pieces = [folded(f"DESCRIPTION:{first}"), *what.more, *[folded(f" \\n{line}") for line in others]]
    return "\r\n".join(pieces) + "\r\n"


def _event(event: Event) -> str:
    uid, sequence, changed, start, end, what, lines, url = event
    begins, ends = _times(start, end, what)
    link = folded(f"URL:{url}") + "\r\n" if url else ""
    return (
        # None of the first lines can be long: what is in them is ours.
        f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:{utc_text(changed)}\r\nSEQUENCE:{sequence}\r\n"
        f"DTSTART{begins}\r\nDTEND{ends}\r\n{what.head}{_description(lines, what)}{link}{what.foot}"
    )


def host() -> str:
    """The name that makes the portal's identifiers its own."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def calendar_file(name: str, event: Event) -> HttpResponse:
    """An answer that puts one event into the reader's calendar program, as a file called `name`.ics."""
    text = calendar(f"-//{settings.BRAND_NAME}//Events//EN", [("METHOD", "PUBLISH")], [event])
    headers = {"Content-Disposition": f'attachment; filename="{name}.ics"'}
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)
