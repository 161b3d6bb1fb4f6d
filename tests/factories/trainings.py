"""Trainings, places, wishes and certificates for tests."""

from datetime import date, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from instruments.enums import PlaceState, TrainingState
from instruments.models import Certificate, Training, TrainingPlace, TrainingWish
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.instruments import InstrumentFactory


class TrainingFactory(DjangoModelFactory):
    """Published, a day's course in 30 days; `over=True`: held, its results to come."""

    class Meta:
        model = Training

    class Params:
        over = factory.Trait(
            state=TrainingState.HELD,
            starts_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=2)),
        )

    title = factory.Sequence(lambda n: f"Course {n}")
    instrument = factory.SubFactory(InstrumentFactory)
    organisation = factory.LazyAttribute(lambda row: row.instrument.organisation)
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))
    ends_at = factory.LazyAttribute(lambda row: row.starts_at + timedelta(hours=6))
    time_zone = "Europe/Paris"
    place = "Online"
    link = "https://meet.example.org/course"
    capacity = 2
    certificate_months = 24
    state = TrainingState.PUBLISHED


class TrainingPlaceFactory(DjangoModelFactory):
    class Meta:
        model = TrainingPlace

    training = factory.SubFactory(TrainingFactory)
    user = factory.SubFactory(UserFactory)
    state = PlaceState.REQUESTED


class TrainingWishFactory(DjangoModelFactory):
    class Meta:
        model = TrainingWish

    instrument = factory.SubFactory(InstrumentFactory)
    user = factory.SubFactory(UserFactory)
    note = "Two weeks in spring"


class CertificateFactory(DjangoModelFactory):
    """Valid without end unless it says so; for a technique give `instrument=None`, `technique` and `organisation`."""

    class Meta:
        model = Certificate

    person = factory.SubFactory(UserFactory)
    name = factory.LazyAttribute(lambda row: row.person.name)
    instrument = factory.SubFactory(InstrumentFactory)
    organisation = factory.LazyAttribute(
        lambda row: row.instrument.organisation if row.instrument else OrganisationFactory()
    )
    issued_on = date(2026, 1, 5)
    issued_by = factory.SubFactory(UserFactory)
