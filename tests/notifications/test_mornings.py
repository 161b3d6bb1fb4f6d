"""When a digest is due: seven on the reader's clock, whatever the clocks of the world do."""

from datetime import UTC, datetime

import pytest

from portal.notifications.digests import last_morning


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "frequency", "now", "morning"),
    [
        ("Africa/Nairobi", "daily", "2027-03-22T04:00", "2027-03-22T04:00"),
        ("Africa/Nairobi", "daily", "2027-03-22T03:59", "2027-03-21T04:00"),
        ("Asia/Kathmandu", "daily", "2027-03-22T01:14", "2027-03-21T01:15"),
        ("Pacific/Kiritimati", "daily", "2027-03-22T00:00", "2027-03-21T17:00"),
        # The clocks of Paris go forward on 28 March 2027 and back on 31 October: a day of 23 and one of 25 hours.
        ("Europe/Paris", "daily", "2027-03-28T04:59", "2027-03-27T06:00"),
        ("Europe/Paris", "daily", "2027-03-28T05:00", "2027-03-28T05:00"),
        ("Europe/Paris", "daily", "2027-10-31T05:59", "2027-10-30T05:00"),
        ("Europe/Paris", "daily", "2027-10-31T06:00", "2027-10-31T06:00"),
        # 22 March 2027 is a Monday.
        ("Africa/Nairobi", "weekly", "2027-03-22T03:59", "2027-03-15T04:00"),
        ("Africa/Nairobi", "weekly", "2027-03-22T04:00", "2027-03-22T04:00"),
        ("Africa/Nairobi", "weekly", "2027-03-28T23:00", "2027-03-22T04:00"),
        ("Europe/Paris", "weekly", "2027-03-29T04:59", "2027-03-22T06:00"),
        ("America/Los_Angeles", "weekly", "2027-03-22T10:00", "2027-03-15T14:00"),
        ("Mars/Olympus", "daily", "2027-03-22T07:00", "2027-03-22T07:00"),
        ("../etc/passwd", "daily", "2027-03-22T06:00", "2027-03-21T07:00"),
    ],
)
def test_the_last_morning(zone: str, frequency: str, now: str, morning: str) -> None:
    assert last_morning(zone, frequency, utc(now)) == utc(morning)
