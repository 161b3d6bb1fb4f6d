"""Bookings for tests: rows as the action would leave them, but without its checks and without a ledger entry."""

from datetime import datetime, timedelta
from typing import Any

import factory
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from factory.django import DjangoModelFactory

from bookings.enums import BookingState
from bookings.models import Booking, Session, StandbyEntry, WaitlistEntry
from tests.factories.calls import AwardFactory


def next_monday_at(hour: int) -> datetime:
    """An hour (UTC) on a Monday one to two weeks ahead: within the horizon, open from 8, before a sign-in expires."""
    today = timezone.now().replace(hour=hour, minute=0, second=0, microsecond=0)
    return today + timedelta(days=7 + (7 - today.weekday()) % 7)


class BookingFactory(DjangoModelFactory):
    """`start` and `minutes` set the period and what it costs; a confirmed one gets its session."""

    class Meta:
        model = Booking
        skip_postgeneration_save = True

    class Params:
        start = factory.LazyFunction(lambda: next_monday_at(10))

    award = factory.SubFactory(AwardFactory)
    instrument = factory.SelfAttribute("award.instrument")
    organisation = factory.SelfAttribute("award.organisation")
    unit = factory.LazyAttribute(lambda row: row.instrument.units.first())
    booked_by = factory.SelfAttribute("award.holder")
    period = factory.LazyAttribute(lambda row: DateTimeTZRange(row.start, row.start + timedelta(minutes=row.minutes)))
    occupied = factory.SelfAttribute("period")
    minutes = 120
    state = BookingState.CONFIRMED

    @factory.post_generation
    def participants(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create:
            self.participants.set(extracted or [self.award.holder])

    @factory.post_generation
    def session(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create and self.state == BookingState.CONFIRMED and extracted is not False:
            Session.objects.create(booking=self, starts_at=self.start, ends_at=self.end, **kwargs)


class WaitlistEntryFactory(DjangoModelFactory):
    """A place that waits for two hours of one Monday with `award`, taken by its holder."""

    class Meta:
        model = WaitlistEntry

    class Params:
        start = factory.LazyFunction(lambda: next_monday_at(8))

    award = factory.SubFactory(AwardFactory)
    organisation = factory.SelfAttribute("award.organisation")
    asked_by = factory.SelfAttribute("award.holder")
    window = factory.LazyAttribute(lambda row: DateTimeTZRange(row.start, row.start + timedelta(hours=8)))
    minutes = 120

    @classmethod
    def _create(cls, model_class: Any, *args: Any, award: Any, **kwargs: Any) -> Any:
        entry = super()._create(model_class, *args, **kwargs)
        entry.awards.set([award])
        return entry


class StandbyEntryFactory(DjangoModelFactory):
    """A place in the queue that waits for two hours within a day, taken by the holder of `award`."""

    class Meta:
        model = StandbyEntry

    award = factory.SubFactory(AwardFactory)
    instrument = factory.SelfAttribute("award.instrument")
    asked_by = factory.SelfAttribute("award.holder")
    minutes = 120
    until = factory.LazyFunction(lambda: timezone.now() + timedelta(days=1))
