"""In French the first of a month is `1er`, in templates and in texts; no other day, and no other language, is."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import engines
from django.utils import timezone, translation

from portal.core.dates import date_format
from portal.core.times import date_text, day_text

FIRST, SECOND = date(2026, 12, 1), date(2026, 12, 2)


def drawn(value: object, pattern: str) -> str:
    return engines["django"].from_string(f'{{{{ value|date:"{pattern}" }}}}').render({"value": value})


@pytest.mark.parametrize(
    ("pattern", "first", "second"),
    [
        ("DATE_FORMAT", "1er décembre 2026", "2 décembre 2026"),
        ("SHORT_DATE_FORMAT", "1er déc. 2026", "2 déc. 2026"),
        ("l j F Y", "mardi 1er décembre 2026", "mercredi 2 décembre 2026"),
        ("j", "1er", "2"),
        ("D j", "mar 1", "mer 2"),
        ("Y-m-d", "2026-12-01", "2026-12-02"),
        ("j/n/Y", "1/12/2026", "2/12/2026"),
        (r"\j j F", "j 1er décembre", "j 2 décembre"),
    ],
)
def test_in_french_the_first_is_an_ordinal(pattern: str, first: str, second: str) -> None:
    with translation.override("fr"):
        for day, words in ((FIRST, first), (SECOND, second)):
            assert date_format(day, pattern) == drawn(day, pattern) == date_text(day, pattern) == words
        assert date_format(date(2026, 12, 21), "j F") == "21 décembre"


def test_in_english_it_is_a_number() -> None:
    with translation.override("en"):
        assert date_format(FIRST) == drawn(FIRST, "DATE_FORMAT") == "1 December 2026"


def test_moments_are_written_in_the_zone_of_the_reader() -> None:
    late = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    with translation.override("fr"), timezone.override(ZoneInfo("Africa/Nairobi")):
        assert drawn(late, "DATETIME_FORMAT") == "1er décembre 2026, 02:30"
        assert day_text(late) == "mardi 1er décembre 2026"


@pytest.mark.parametrize("value", [None, "", "soon", 7])
def test_what_is_no_day_is_written_as_django_does(value: object) -> None:
    with translation.override("fr"):
        assert drawn(value, "DATE_FORMAT") == ""
