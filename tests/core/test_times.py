"""One moment on two clocks: spans, offsets and clock changes in words."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.formats import get_format

from portal.core import times

NAIROBI = ZoneInfo("Africa/Nairobi")
PARIS = ZoneInfo("Europe/Paris")
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Africa/Dar_es_Salaam", "Dar es Salaam time"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires time"),
        ("UTC", "UTC"),
    ],
)
def test_a_zone_is_named_by_its_city(zone, words):
    assert times.zone_words(ZoneInfo(zone)) == words
    assert times.zone_words(zone) == words


@pytest.mark.parametrize(
    ("moment", "zone", "text"),
    [
        (utc(2027, 3, 27, 12), "Europe/Paris", "UTC+1"),
        (utc(2027, 3, 28, 12), "Europe/Paris", "UTC+2"),
        (utc(2027, 2, 6, 12), "Africa/Casablanca", "UTC+1"),
        (utc(2027, 2, 8, 12), "Africa/Casablanca", "UTC"),
        (utc(2027, 3, 1, 12), "Asia/Kathmandu", "UTC+5:45"),
        (utc(2027, 1, 1, 12), "America/St_Johns", "UTC−3:30"),
    ],
)
def test_the_offset_is_that_of_the_moment(moment, zone, text):
    assert times.offset_text(moment, ZoneInfo(zone)) == text


def test_a_span_shows_both_ends_on_the_zones_clock():
    assert times.span_text(utc(2027, 3, 22, 8), utc(2027, 3, 22, 10), NAIROBI) == "11:00–13:00"
    assert times.span_text(utc(2027, 3, 22, 8), utc(2027, 3, 22, 10), PARIS) == "09:00–11:00"


def test_a_span_that_ends_at_midnight_needs_no_second_day():
    assert times.span_text(utc(2027, 3, 22, 19), utc(2027, 3, 22, 21), NAIROBI) == "22:00–00:00"


def test_a_span_over_midnight_names_the_day_it_ends_on():
    assert times.span_text(utc(2027, 3, 22, 7), utc(2027, 3, 23, 7), NAIROBI) == "10:00 to Tue 23 Mar, 10:00"


def test_a_span_is_isolated_where_text_runs_right_to_left():
    with translation.override("ar"):
        span = times.span_text(utc(2027, 3, 22, 8), utc(2027, 3, 22, 10), NAIROBI)
    assert span.startswith(times.LEFT_TO_RIGHT)
    assert span.endswith(times.END_OF_ISOLATE)


def test_the_laboratorys_weekday_is_said_when_it_is_another_one():
    start, end = utc(2027, 3, 22, 21, 30), utc(2027, 3, 22, 23)
    assert times.lab_text(start, end, NAIROBI, NEW_YORK) == "17:30–19:00 on Mon 22 March"
    assert times.lab_text(start, end, NEW_YORK, NEW_YORK) == "17:30–19:00"


def test_a_day_is_the_one_of_the_zones_calendar():
    late = utc(2027, 3, 22, 21, 30)
    assert times.day_text(late, NAIROBI) == "Tuesday 23 March 2027"
    assert times.day_text(late, NEW_YORK) == "Monday 22 March 2027"
    assert times.day_text(date(2027, 3, 22)) == "Monday 22 March 2027"


def test_clocks_agree_only_while_both_offsets_do():
    cairo = ZoneInfo("Africa/Cairo")
    assert times.same_clock(utc(2027, 6, 1, 8), utc(2027, 6, 1, 10), cairo, NAIROBI)
    assert not times.same_clock(utc(2027, 1, 1, 8), utc(2027, 1, 1, 10), cairo, NAIROBI)
    assert not times.same_clock(utc(2027, 4, 29, 20), utc(2027, 4, 29, 23), cairo, NAIROBI)


@pytest.mark.parametrize(
    ("zone", "day", "minutes"),
    [
        ("Africa/Cairo", date(2027, 4, 30), 60),
        ("Africa/Cairo", date(2027, 10, 28), -60),
        ("Africa/Casablanca", date(2027, 2, 7), -60),
        ("Africa/Casablanca", date(2027, 3, 14), 60),
        ("Africa/El_Aaiun", date(2027, 2, 7), -60),
        ("Africa/El_Aaiun", date(2027, 3, 14), 60),
        ("Europe/Paris", date(2027, 3, 28), 60),
        ("Europe/Paris", date(2027, 10, 31), -60),
        ("America/New_York", date(2027, 3, 14), 60),
        ("America/New_York", date(2027, 11, 7), -60),
        ("Australia/Sydney", date(2027, 4, 4), -60),
        ("Australia/Sydney", date(2027, 10, 3), 60),
    ],
)
def test_a_week_tells_of_its_clock_changes(zone, day, minutes):
    monday = date.fromordinal(day.toordinal() - day.weekday())
    sunday = date.fromordinal(monday.toordinal() + 6)
    assert times.clock_changes(monday, sunday, ZoneInfo(zone)) == [times.ClockChange(day, minutes)]


def test_a_zone_without_summer_time_never_changes():
    assert times.clock_changes(date(2027, 1, 1), date(2027, 12, 31), NAIROBI) == []


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_every_language_has_the_24_hour_clock(language):
    assert get_format("TIME_FORMAT", lang=language) == "H:i"


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2027-10-31T00:00", "2027-10-31T01:00", "02:00–02:00 (UTC+2–UTC+1)"),
        ("2027-10-31T00:30", "2027-10-31T00:45", "02:30–02:45 (UTC+2)"),
        ("2027-10-31T01:30", "2027-10-31T01:45", "02:30–02:45 (UTC+1)"),
        ("2027-10-31T02:00", "2027-10-31T03:00", "03:00–04:00"),
        ("2027-03-28T00:30", "2027-03-28T01:30", "01:30–03:30"),
    ],
)
def test_an_hour_that_comes_twice_is_told_apart_by_its_offset(start, end, words):
    moments = (datetime.fromisoformat(f"{text}+00:00") for text in (start, end))
    assert times.span_text(*moments, ZoneInfo("Europe/Paris")) == words


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2027, 5, 15), 12, date(2028, 5, 15)),
        (date(2027, 12, 1), 1, date(2028, 1, 1)),
    ],
)
def test_months_are_calendar_months(day: date, months: int, later: date) -> None:
    assert times.months_after(day, months) == later
