"""What is written as iCalendar, read back by the library icalendar."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.ics import Event, What, calendar, escaped, folded, quoted, utc_text
from portal.core.ics_zones import zone_lines

PARIS = ZoneInfo("Europe/Paris")
HOUR = timedelta(hours=1)
NOON = datetime(2027, 3, 22, 11, tzinfo=UTC)
ZONES = ["Africa/Cairo", "Africa/Casablanca", "Europe/Paris", "America/New_York", "Australia/Sydney", "Africa/Nairobi"]
# Whatever a form lets people type; surrogates cannot be stored.
TEXT = st.text(st.characters(blacklist_categories=("Cs",)), max_size=200)


def event(start: datetime = NOON, end: datetime = NOON + HOUR, own: tuple[str, ...] = (), **fields: Any) -> Event:
    what = What(**{"zone": PARIS, "summary": "Diffractometer", **fields})
    return Event("booking-1@portal.example", 0, NOON, start, end, what, tuple(map(escaped, own)))


def read(*events: Event) -> icalendar.Calendar:
    return icalendar.Calendar.from_ical(calendar("-//Portal//EN", [("NAME", "Bookings")], events))


def written(**fields: object) -> icalendar.Event:
    (found,) = read(event(**fields)).walk("VEVENT")
    return found


@given(line=TEXT.map(lambda text: "".join(text.splitlines())))
def test_no_line_is_longer_than_75_octets_and_unfolding_gives_it_back(line: str) -> None:
    pieces = folded(line).split("\r\n")

    assert max(len(piece.encode()) for piece in pieces) <= 75
    assert all(piece.startswith(" ") for piece in pieces[1:])
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == line


@given(summary=TEXT, lines=st.lists(TEXT, max_size=4), own=st.lists(TEXT, min_size=1, max_size=3))
def test_no_text_breaks_out_of_its_property(summary: str, lines: list[str], own: list[str]) -> None:
    text = calendar("p", [], [event(summary=summary, lines=tuple(lines), own=tuple(own))])
    names = [line.partition(":")[0].partition(";")[0] for line in text.split("\r\n") if not line.startswith(" ")]

    assert names.count("SUMMARY") == names.count("DESCRIPTION") == names.count("UID") == 1
    assert len(text.replace("\r\n", "").splitlines()) == 1, "nothing else may look like the end of a line"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Cu, Zn; 20% \\ water", "Cu\\, Zn\\; 20% \\\\ water"),
        ("one\r\ntwo\nthree\rfour\u2028five", "one\\ntwo\\nthree\\nfour\\nfive"),
        ("bell\x07 and nul\x00", "bell and nul"),
        ("tab\tstays", "tab\tstays"),
        ("Élan été", "Élan été"),
    ],
)
def test_texts_as_values(text: str, value: str) -> None:
    assert escaped(text) == value


def test_a_name_cannot_end_its_parameter() -> None:
    assert quoted('Ada "Evil";X=1:\r\nATTENDEE:mailto:x') == "\"Ada 'Evil';X=1: ATTENDEE:mailto:x\""


def test_texts_come_back_as_they_were() -> None:
    title, lines = "Cuivre, zinc; « Élan » \\ 20 %", ("Lundi 22 mars", "À Grenoble, 11:00–13:00" * 5)

    found = written(summary=title, lines=lines, location="Laboratoire; Grenoble")

    assert (str(found["SUMMARY"]), str(found["DESCRIPTION"])) == (title, "\n".join(lines))
    assert str(found["LOCATION"]) == "Laboratoire; Grenoble"


@given(lines=st.lists(TEXT, max_size=3), own=st.lists(TEXT, max_size=3))
def test_an_event_s_own_lines_stand_around_those_it_has_in_common(lines: list[str], own: list[str]) -> None:
    text = calendar("p", [], [event(lines=tuple(lines), own=tuple(own))])

    assert max(len(piece.encode()) for piece in text.split("\r\n")) <= 75
    expected = "\\n".join(map(escaped, [*own[:1], *lines, *own[1:]]))
    assert text.replace("\r\n ", "").count(f"\r\nDESCRIPTION:{expected}\r\n") == bool(lines or own)


def test_times_are_those_of_the_place_with_its_zone() -> None:
    text = calendar("p", [], [event()])

    assert "DTSTART;TZID=Europe/Paris:20270322T120000\r\nDTEND;TZID=Europe/Paris:20270322T130000\r\n" in text
    assert (written()["DTSTART"].dt, written()["DTEND"].dt) == (NOON, NOON + HOUR)
    assert written()["DTSTAMP"].dt == NOON


@pytest.mark.parametrize("zone", ["UTC", "Etc/UTC"])
def test_utc_needs_no_description(zone: str) -> None:
    assert written(zone=ZoneInfo(zone))["DTSTART"].dt == NOON
    assert zone_lines(ZoneInfo("UTC"), 2026, 2028) == ()


@pytest.mark.parametrize("hours", range(4))
def test_each_of_the_two_hours_that_clocks_call_the_same_is_told_apart(hours: int) -> None:
    """Clocks in Paris show 2:00 to 3:00 twice on 31 October 2027."""
    start = datetime(2027, 10, 30, 23, tzinfo=UTC) + hours * HOUR

    found = written(start=start, end=start + HOUR)

    assert found["DTSTART"].dt.astimezone(UTC) == start
    assert found["DTEND"].dt.astimezone(UTC) == start + HOUR


@pytest.mark.parametrize("name", ZONES)
def test_the_description_of_a_zone_gives_every_hour_of_2027_its_offset(name: str) -> None:
    """By the description alone, as programs read it that know no zones: the latest change before a wall time holds."""
    zone, described = ZoneInfo(name), _observances(ZoneInfo(name))
    moment = datetime(2027, 1, 1, tzinfo=UTC)
    while moment.year == 2027:
        wall = moment.astimezone(zone)
        if not wall.fold and wall.utcoffset() != wall.replace(fold=1).utcoffset():
            expected = _offset_of(described, wall.replace(tzinfo=None), first=True)
        else:
            expected = _offset_of(described, wall.replace(tzinfo=None))
        assert expected == wall.utcoffset(), wall
        moment += HOUR


def _observances(zone: ZoneInfo) -> list[tuple[datetime, timedelta, timedelta]]:
    """(wall time of the change, offset before, offset after), the earliest first."""
    lines = ["BEGIN:VCALENDAR", *zone_lines(zone, 2026, 2028), "END:VCALENDAR", ""]
    read = icalendar.Calendar.from_ical("\r\n".join(lines))
    rows = [*read.walk("STANDARD"), *read.walk("DAYLIGHT")]
    return sorted((row["DTSTART"].dt, row["TZOFFSETFROM"].td, row["TZOFFSETTO"].td) for row in rows)


def _offset_of(
    described: list[tuple[datetime, timedelta, timedelta]], wall: datetime, first: bool = False
) -> timedelta:
    """Of a wall time; one that comes twice is the `first` of the two, which is before the change."""
    passed = [row for row in described if row[0] - (row[1] - row[2] if row[1] > row[2] else timedelta()) <= wall]
    begin, before, after = passed[-1]
    is_in_repeated_hour = before > after and begin - (before - after) <= wall < begin
    return before if is_in_repeated_hour and first else after


def test_morocco_changes_by_the_moon_and_is_told_so() -> None:
    changes = [row for row in _observances(ZoneInfo("Africa/Casablanca")) if row[0].year == 2027]

    assert [(before, after) for _at, before, after in changes] == [(HOUR, timedelta()), (timedelta(), HOUR)]


def test_each_zone_is_described_once_and_for_the_years_of_its_events() -> None:
    later = event(start=NOON + timedelta(days=400), end=NOON + timedelta(days=400) + HOUR)
    found = read(event(), event(zone=ZoneInfo("Africa/Cairo")), later)

    described = [str(zone["TZID"]) for zone in found.walk("VTIMEZONE")]
    assert described == ["Europe/Paris", "Africa/Cairo"]
    paris = next(iter(found.walk("VTIMEZONE")))
    years = {row["DTSTART"].dt.year for row in itertools.chain(paris.walk("STANDARD"), paris.walk("DAYLIGHT"))}
    assert years == {1970, 2026, 2027, 2028, 2029}


def test_an_empty_calendar_is_one_too() -> None:
    assert list(read().walk("VEVENT")) == []
    assert utc_text(NOON.astimezone(PARIS)) == "20270322T110000Z"
