"""Policies, hours and lengths in words."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from instruments.models import OpeningHours, Policy
from instruments.words import length_text, policy_sentences, week_of, zone_difference

NAIROBI, PARIS = ZoneInfo("Africa/Nairobi"), ZoneInfo("Europe/Paris")
WINTER, SUMMER = datetime(2027, 1, 10, 12, tzinfo=UTC), datetime(2027, 7, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (0, "0 minutes"),
        (1, "1 minute"),
        (45, "45 minutes"),
        (60, "1 hour"),
        (90, "1 hour 30 minutes"),
        (121, "2 hours 1 minute"),
        (1440, "1 day"),
        (1500, "25 hours"),
        (4320, "3 days"),
    ],
)
def test_lengths(minutes: int, text: str) -> None:
    assert length_text(minutes) == text


def test_a_plain_policy() -> None:
    assert policy_sentences(Policy()) == [
        "A booking lasts from 1 hour to 8 hours.",
        "Bookings begin in steps of 1 hour.",
        "You can book up to 90 days ahead.",
        "A booking is confirmed at once.",
        "You can cancel until the start, and all hours return to the award.",
        "Time offered from the waiting list is held for 12 hours, and shorter when it is near.",
    ]


def test_a_policy_with_everything() -> None:
    policy = Policy(
        whole_days=True, day_starts=600, step=1440, shortest=1440, longest=1440, notice=2880, horizon_days=1, before=10,
        after=20, weekly_limit=2880, open_bookings_limit=1, needs_confirmation=True, confirm_by=720, cancel_notice=1440,
        late_cancel_percent=50, needs_certificate=True, needs_sample=True, needs_operator=True, offer_minutes=90,
        has_standby=True, standby_minutes=10,
    )  # fmt: skip
    assert policy_sentences(policy) == [
        "Each booking lasts 1 day.",
        "Bookings are for whole days, which begin at 10:00 on the laboratory’s clock.",
        "The laboratory keeps 30 minutes free between bookings.",
        "Book at least 2 days before the start.",
        "You can book up to 1 day ahead.",
        "One of those who take part holds a certificate for it.",
        "Time is booked once a sample is at the laboratory.",
        "An operator of the laboratory is present.",
        "An award may use up to 2 days a week.",
        "An award may have 1 coming booking at a time.",
        "An operator confirms each booking, at the latest 12 hours before the start; else it lapses.",
        "You can cancel free of charge until 1 day before the start.",
        "After that, 50 % of the hours are lost.",
        "Time offered from the waiting list is held for 1 hour 30 minutes, and shorter when it is near.",
        "A stand-by queue is open: who is called has 10 minutes to answer.",
    ]


def test_the_week() -> None:
    rows = [OpeningHours(weekday=0, opens=540, closes=720), OpeningHours(weekday=0, opens=780, closes=1440)]
    week = week_of([*rows, OpeningHours(weekday=6, opens=0, closes=1440)])
    assert [day.name for day in week][:2] == ["Monday", "Tuesday"]
    assert week[0].stretches == ["09:00–12:00", "13:00–24:00"]
    assert week[1].stretches == []
    assert week[6].stretches == ["round the clock"]


@pytest.mark.parametrize(
    ("moment", "own", "lab", "text"),
    [
        (WINTER, NAIROBI, PARIS, "Your clock (Nairobi time) is 2 hours ahead now."),
        (SUMMER, NAIROBI, PARIS, "Your clock (Nairobi time) is 1 hour ahead now."),
        (SUMMER, PARIS, NAIROBI, "Your clock (Paris time) is 1 hour behind now."),
        (SUMMER, PARIS, PARIS, "Your clock (Paris time) shows the same time now."),
    ],
)
def test_the_readers_clock_beside_the_laboratorys(moment: datetime, own: ZoneInfo, lab: ZoneInfo, text: str) -> None:
    assert zone_difference(moment, own, lab) == text
