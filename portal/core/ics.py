"""iCalendar objects (RFC 5545) as text.

The library icalendar takes about 350 microseconds an event, half of a second for a feed; this takes a fiftieth, and
the tests read what it writes with that library.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple
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


class Event(NamedTuple):
    """One period. Texts are as people wrote them, the description line by line; `zone` is that of the place."""

    uid: str
    sequence: int
    changed: datetime
    start: datetime
    end: datetime
    zone: tzinfo
    summary: str
    description: tuple[str, ...] = ()
    location: str = ""
    url: str = ""
    status: str = "CONFIRMED"
    takes_time: bool = True  # whether the reader is busy then
    people: tuple[str, ...] = ()  # organizer and attendee, as whole lines
    is_whole_days: bool = False  # from midnight to midnight in `zone`: written as days, whose end is the day after


def calendar(product: str, head: Iterable[tuple[str, str]], events: Iterable[Event]) -> str:
    """One object of these events; `head` is further properties of its own, whose values need no escaping any more.

    Events are written one by one: thousands of them in memory at once keep Python's collector busy.
    """
    years: dict[tzinfo, tuple[int, int]] = {}
    written = []
    for event in events:
        if not event.is_whole_days:
            first, last = years.get(event.zone, (event.start.year, event.end.year))
            years[event.zone] = min(first, event.start.year), max(last, event.end.year)
        written.append(_event(event))
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{escaped(product)}", "CALSCALE:GREGORIAN"]
    lines += [f"{name}:{value}" for name, value in head]
    for zone, (first, last) in years.items():
        lines += zone_lines(zone, first - 1, last + 1)
    return "\r\n".join([*map(folded, lines), *written, "END:VCALENDAR\r\n"])


def escaped(text: str) -> str:
    """Text as a value (RFC 5545, 3.3.11); whatever ends a line becomes a written line break, other controls go."""
    if ODD.search(text):
        text = CONTROLS.sub("", BREAKS.sub("\n", text))
    return _marked(text).replace("\n", "\\n")


def _marked(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


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


def _times(event: Event) -> tuple[str, str]:
    """Start and end on the place's clocks; in UTC where clocks show one of them for the second time.

    A wall time that comes twice means the first of the two (3.3.5), so the second has no other way to be told.
    """
    start, end = event.start.astimezone(event.zone), event.end.astimezone(event.zone)
    if event.is_whole_days:
        after = (end.astimezone(UTC) - MOMENT).astimezone(event.zone).date() + timedelta(1)
        return f";VALUE=DATE:{start:%Y%m%d}", f";VALUE=DATE:{after:%Y%m%d}"
    if start.fold or end.fold or is_utc(event.zone):
        return f":{utc_text(event.start)}", f":{utc_text(event.end)}"
    zone = f";TZID={event.zone}:"
    return zone + _wall_text(start), zone + _wall_text(end)


@lru_cache(maxsize=4096)
def _often(summary: str, location: str, status: str, takes_time: bool) -> str:
    """The lines that a calendar has over and over."""
    lines = [
        f"SUMMARY:{escaped(summary)}",
        f"STATUS:{status}",
        f"TRANSP:{'OPAQUE' if takes_time else 'TRANSPARENT'}",
    ]
    if location:
        lines.append(f"LOCATION:{escaped(location)}")
    return "\r\n".join(map(folded, lines))


def _description(lines: tuple[str, ...]) -> str:
    """The lines as one value."""
    if not ODD.search("".join(lines)):  # as good as always, and then quicker all at once
        return _marked("\n".join(lines)).replace("\n", "\\n")
    return "\\n".join(map(escaped, lines))


def _event(event: Event) -> str:
    start, end = _times(event)
    lines = [
        # None of these can be long: what is in them is ours.
        f"BEGIN:VEVENT\r\nUID:{event.uid}\r\nDTSTAMP:{utc_text(event.changed)}\r\nSEQUENCE:{event.sequence}\r\n"
        f"DTSTART{start}\r\nDTEND{end}",
        _often(event.summary, event.location, event.status, event.takes_time),
    ]
    if event.description:
        lines.append(folded("DESCRIPTION:" + _description(event.description)))
    if event.url:
        lines.append(folded(f"URL:{event.url}"))
    lines += map(folded, event.people)
    lines.append("END:VEVENT")
    return "\r\n".join(lines)


def host() -> str:
    """The name that makes the portal's identifiers its own."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def calendar_file(name: str, event: Event) -> HttpResponse:
    """An answer that puts one event into the reader's calendar program, as a file called `name`.ics."""
    text = calendar(f"-//{settings.BRAND_NAME}//Events//EN", [("METHOD", "PUBLISH")], [event])
    headers = {"Content-Disposition": f'attachment; filename="{name}.ics"'}
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)
