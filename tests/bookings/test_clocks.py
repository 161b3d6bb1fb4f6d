"""Both times in one line: the quick way says what the careful way says, on every hour of a year."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from bookings.clocks import BothTimes

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("own", "lab"),
    [
        ("Africa/Nairobi", "Europe/Paris"),
        ("Africa/Cairo", "Africa/Casablanca"),
        ("America/New_York", "Australia/Sydney"),
        ("Europe/Paris", "Europe/Paris"),
        ("Asia/Kathmandu", "UTC"),
        ("Pacific/Kiritimati", "Pacific/Pago_Pago"),
    ],
)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_quick_way_says_the_same(language: str, own: str, lab: str) -> None:
    with translation.override(language):
        quick, careful = BothTimes(ZoneInfo(own)), BothTimes(ZoneInfo(own))
        start = datetime(2027, 1, 1, tzinfo=UTC)
        while start.year == 2027:
            length = HOUR * (1, 2, 7, 24)[start.hour % 4]
            expected = careful._line(start, start + length, lab, "50 % Lyon")
            assert quick.line(start, start + length, lab, "50 % Lyon") == expected
            start += 59 * timedelta(minutes=1) if start.day % 2 else HOUR


def test_both_clocks_and_one_where_they_agree() -> None:
    start = datetime(2027, 3, 22, 9, tzinfo=UTC)

    both = BothTimes(ZoneInfo("Africa/Nairobi")).line(start, start + HOUR, "Europe/Paris", "Grenoble")
    one = BothTimes(ZoneInfo("Europe/Paris")).line(start, start + HOUR, "Europe/Paris", "Grenoble")

    assert both == "Monday 22 March 2027, 12:00–13:00 Nairobi time; 10:00–11:00 at the lab in Grenoble"
    assert one == "Monday 22 March 2027, 10:00–11:00 Paris time"
