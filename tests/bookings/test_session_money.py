"""Whatever is done around a live session, in whatever order: no minute is lost, none is made, nobody overlaps."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone

from bookings.actions import standby
from bookings.actions.booking import book_time
from bookings.actions.changes import cancel_booking, fail_booking, move_booking
from bookings.actions.extension import extend_session
from bookings.actions.room.reports import return_minutes
from bookings.actions.session import advance_session, begin_session, end_session
from bookings.enums import SessionState
from bookings.models import Booking, Session, StandbyEntry
from bookings.slots import MINUTE, Span
from instruments.models import Desktop
from portal.core.errors import Refused
from tests.factories.calls import AwardFactory
from tests.support.promises import broken_promises

pytestmark = pytest.mark.django_db
STEPS = 25


@pytest.fixture
def deeds(
    instrument, institute, award, researcher, operator, monday, time_machine
) -> dict[str, Callable[[Random], object]]:
    """By name what may happen next, to one of the bookings there are."""
    instrument.policy.has_standby, instrument.policy.late_cancel_percent = True, 50
    instrument.policy.save()
    awards = [award, AwardFactory(instrument=instrument, organisation=institute, holder=researcher)]

    def some(chance: Random) -> Booking:
        rows = Booking.objects.for_page().order_by("pk")
        near = rows.filter(session__state__in=["queued", "ready", "live"])
        return chance.choice(list(near if near.exists() and chance.random() < 0.8 else rows))

    def period(chance: Random) -> Span:
        start = monday.start + chance.choice([0, 1, 2, 3, 4]) * timedelta(hours=1)
        return Span(start, start + timedelta(hours=1))

    def passes(chance: Random) -> None:
        time_machine.shift(chance.choice([1, 7, 15, 40]) * MINUTE)
        Desktop.objects.update(answered_at=timezone.now(), trouble="")
        standby.expire_calls()
        standby.call_standby()
        for booking in Booking.objects.filter(session__in=Session.objects.due_at(timezone.now())):
            advance_session(booking)

    def joins(chance: Random) -> None:
        Session.objects.filter(state=SessionState.LIVE, joined_at=None).update(joined_at=timezone.now())

    def waits(chance: Random) -> None:
        standby.join_standby(chance.choice(awards), 60, timezone.now() + timedelta(hours=5), by=researcher)

    def accepts(chance: Random) -> None:
        for entry in StandbyEntry.objects.called():
            standby.accept_call(entry, by=researcher)

    return {
        "book": lambda chance: book_time(instrument, period(chance), chance.choice(awards), by=researcher),
        "move": lambda chance: move_booking(some(chance), period(chance), by=researcher),
        "cancel": lambda chance: cancel_booking(some(chance), by=researcher),
        "fail": lambda chance: fail_booking(some(chance), by=operator, why="The power went."),
        "begin": lambda chance: begin_session(some(chance), by=researcher),
        "extend": lambda chance: extend_session(some(chance), by=researcher),
        "end": lambda chance: end_session(some(chance), by=researcher),
        "return": lambda chance: return_minutes(some(chance), chance.choice([1, 30, 90]), by=operator, why="No line."),
        "passes": passes,
        "joins": joins,
        "waits": waits,
        "accepts": accepts,
    }


WEIGHTS = {"passes": 6, "joins": 3, "extend": 6, "accepts": 2, "return": 2, "end": 2}


@pytest.mark.parametrize("has_desktop", [True, False])
@pytest.mark.parametrize("seed", range(8))
def test_no_minute_is_lost_or_made(
    deeds, instrument, award, researcher, monday, time_machine, seed, has_desktop
) -> None:
    chance, story = Random(seed), []
    time_machine.move_to(monday.start - 5 * MINUTE, tick=False)
    if has_desktop:
        Desktop.objects.create(unit=instrument.units.get(), route="practice", answered_at=timezone.now())
    book_time(instrument, Span(monday.start, monday.start + 60 * MINUTE), award, by=researcher)
    for name in chance.choices(list(deeds), [WEIGHTS.get(name, 1) for name in deeds], k=STEPS):
        try:
            deeds[name](chance)
            story.append(name)
        except Refused as refusal:
            story.append(f"{name}: {refusal.codes}")
        assert list(broken_promises()) == [], story
