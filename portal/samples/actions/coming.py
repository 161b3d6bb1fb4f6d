"""Bookings ahead, made by the actions on the first free time."""

from datetime import datetime, timedelta
from typing import Any

from bookings.actions.booking import book_time
from bookings.actions.changes import confirm_booking
from bookings.facts import Facts
from bookings.free import Occupancy, free_slots
from bookings.models import Booking
from bookings.slots import Span
from calls.models import Award
from instruments.models import Instrument
from portal.samples.actions.awards import award_lines
from portal.samples.actions.instruments import operator_of
from portal.samples.stage import Stage

WITHIN = timedelta(days=21)
MORNING = 10  # o'clock at the laboratory, for what begins on a later day


def put_coming(stage: Stage) -> None:
    for line in award_lines():
        for plan in line.get("coming", ()):
            booking = _book(stage, stage.awards[line["key"]], plan)
            if plan.get("confirmed"):
                confirm_booking(booking, by=operator_of(booking.instrument))


def _book(stage: Stage, award: Award, plan: dict[str, Any]) -> Booking:
    later = plan["days"]
    zone = award.hours_on.time_zone
    earliest = stage.moment(later, MORNING, zone) if later >= 1 else stage.now + timedelta(days=later)
    period = first_free(award.hours_on, plan["hours"] * 60, earliest, stage.now)
    return book_time(award.hours_on, period, award, by=stage.people[plan["by"]], purpose=plan["purpose"])


def first_free(instrument: Instrument, minutes: int, earliest: datetime, now: datetime) -> Span:
    """The first period of this length, from `earliest` on, that the rules allow and a unit is free for."""
    facts = Facts.read(instrument, Span(earliest, earliest + WITHIN))
    return next(free_slots(facts, minutes, now, Occupancy.read(facts)))
