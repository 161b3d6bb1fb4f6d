"""iCalendar objects (RFC 5545) as text. Pure.

The library icalendar takes about 350 microseconds an event, half of a second for a feed; this takes a fiftieth, and
the tests read what it writes with that library.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

from bookings.calendars.zones import is_utc, zone_lines

OCTETS = 75  # of a line, its end left out (RFC 5545, 3.1)
BREAKS = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")  # what anybody takes for the end of a line
CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f]")


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


def calendar(product: str, head: Iterable[tuple[str, str]], events: Iterable[Event]) -> str:
    """One object of these events; `head` is further properties of its own, whose values need no escaping any more."""
    events = list(events)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{escaped(product)}", "CALSCALE:GREGORIAN"]
    lines += [f"{name}:{value}" for name, value in head]
    for zone in dict.fromkeys(event.zone for event in events):
        years = [moment.year for event in events if event.zone is zone for moment in (event.start, event.end)]
        lines += zone_lines(zone, min(years) - 1, max(years) + 1)
    for event in events:
        lines += _event_lines(event)
    lines.append("END:VCALENDAR\r\n")
    return "\r\n".join(map(folded, lines))


def escaped(text: str) -> str:
    """Text as a value (RFC 5545, 3.3.11); whatever ends a line becomes a written line break, other controls go."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text if text.isprintable() else BREAKS.sub("\\\\n", CONTROLS.sub("", text))


def quoted(text: str) -> str:
    """Text as the value of a parameter, which knows no quotation marks and no line breaks (3.2)."""
    return '"' + CONTROLS.sub("", BREAKS.sub(" ", text)).replace('"', "'") + '"'


def folded(line: str) -> str:
    """A line in pieces of at most 75 octets, no letter cut in two; each further one begins with a space."""
    if len(line) <= OCTETS and line.isascii():
        return line
    return "\r\n ".join(_pieces(line.encode()))


def _pieces(octets: bytes) -> Iterator[str]:
    start, room = 0, OCTETS
    while start < len(octets):
        end = start + room
        while end < len(octets) and octets[end] & 0xC0 == 0x80:  # in the middle of a letter
            end -= 1
        yield octets[start:end].decode()
        start, room = end, OCTETS - 1


def utc_text(moment: datetime) -> str:
    """`20270322T090000Z`"""
    return f"{_wall_text(moment.astimezone(UTC))}Z"


def _wall_text(wall: datetime) -> str:
    return f"{wall.year:04}{wall.month:02}{wall.day:02}T{wall.hour:02}{wall.minute:02}{wall.second:02}"


def _times(event: Event) -> tuple[str, str]:
    """Start and end on the place's clocks; in UTC where clocks show one of them for the second time.

    A wall time that comes twice means the first of the two (3.3.5), so the second has no other way to be told.
    """
    start, end = event.start.astimezone(event.zone), event.end.astimezone(event.zone)
    if start.fold or end.fold or is_utc(event.zone):
        return f"DTSTART:{utc_text(event.start)}", f"DTEND:{utc_text(event.end)}"
    zone = f"TZID={event.zone}"
    return f"DTSTART;{zone}:{_wall_text(start)}", f"DTEND;{zone}:{_wall_text(end)}"


def _event_lines(event: Event) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{utc_text(event.changed)}",
        f"SEQUENCE:{event.sequence}",
        *_times(event),
        f"SUMMARY:{escaped(event.summary)}",
        f"STATUS:{event.status}",
        f"TRANSP:{'OPAQUE' if event.takes_time else 'TRANSPARENT'}",
        *event.people,
    ]
    if event.description:
        lines.append("DESCRIPTION:" + "\\n".join(map(escaped, event.description)))
    if event.location:
        lines.append(f"LOCATION:{escaped(event.location)}")
    if event.url:
        lines.append(f"URL:{event.url}")
    lines.append("END:VEVENT")
    return lines
