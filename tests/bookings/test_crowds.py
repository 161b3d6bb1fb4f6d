"""Five hundred requests for fifty slots at once, by the API as a stranger's program would send them."""

import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.dateparse import parse_datetime

from bookings.models import Booking
from bookings.slots import Span
from portal.accounts.enums import Role
from tests.bookings.test_races import all_at_once
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.bookings import next_monday_at
from tests.factories.calls import AwardFactory
from tests.support.promises import broken_promises

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 10


@dataclass
class Answer:
    """What came back, and between which moments of the test's own clock."""

    status: int
    body: Any
    asked: float
    answered: float


@pytest.fixture
def slots(instrument):
    """Fifty hours of opening time."""
    days = [next_monday_at(8) + timedelta(days=n) for n in range(11) if n % 7 < 5]
    return [Span(day + timedelta(hours=n), day + timedelta(hours=n + 1)) for day in days for n in range(6)][:50]


def test_five_hundred_for_fifty_slots(instrument, institute, slots):
    awards = [
        AwardFactory(holder=holder, organisation=institute, instrument=instrument, granted_minutes=6000)
        for holder in UserFactory.create_batch(PEOPLE)
        if MembershipFactory(user=holder, organisation=institute, role=Role.RESEARCHER)
    ]
    wishes = [(award, slot) for slot in slots for award in awards]
    answers = all_at_once(lambda wish: ask(instrument, *wish), wishes, threads=40)

    assert Counter(answer.status for answer in answers) == {201: 50, 409: 450}
    assert Booking.objects.count() == 50
    assert {(row.start, row.end) for row in Booking.objects.all()} == {(slot.start, slot.end) for slot in slots}
    assert list(broken_promises()) == []
    won = [(answer.answered, span_of(answer.body)) for answer in answers if answer.status == 201]
    for answer in answers:
        if answer.status == 409:
            assert 1 <= len(answer.body["alternatives"]) <= 3
            taken = [span for answered, span in won if answered < answer.asked]
            assert not any(span_of(free).overlaps(span) for free in answer.body["alternatives"] for span in taken)


def ask(instrument, award, slot) -> Answer:
    client = Client()
    client.force_login(award.holder)
    wish = {
        "instrument": instrument.slug,
        "award": award.ref,
        "start": slot.start.isoformat(),
        "end": slot.end.isoformat(),
    }
    asked = time.monotonic()
    response = client.post("/api/v1/bookings/", wish, content_type="application/json")
    return Answer(response.status_code, response.json(), asked, time.monotonic())


def span_of(body: dict[str, str]) -> Span:
    start, end = parse_datetime(body["start"]), parse_datetime(body["end"])
    assert start is not None
    assert end is not None
    return Span(start, end)
