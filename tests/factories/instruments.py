"""Instruments for tests: listed, one unit, open every weekday from nine to five in Grenoble."""

from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from instruments.actions.connector import digest_of
from instruments.enums import InstrumentState
from instruments.models import Connector, Instrument, OpeningHours, Policy, Technique, Unit
from tests.factories.accounts import OrganisationFactory


class TechniqueFactory(DjangoModelFactory):
    class Meta:
        model = Technique
        django_get_or_create = ("slug",)

    slug = factory.Sequence(lambda n: f"technique-{n}")
    name = factory.LazyAttribute(lambda row: row.slug.replace("-", " ").capitalize())
    path = factory.LazyAttribute(lambda row: f"{row.parent.path}/{row.slug}" if row.parent else row.slug)
    parent = None


class InstrumentFactory(DjangoModelFactory):
    """`hours` is a list of (weekday, opens, closes) in minutes; `units` how many; `policy` fields of the policy."""

    class Meta:
        model = Instrument
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"instrument-{n}")
    name = factory.Sequence(lambda n: f"Diffractometer {n}")
    name_fr = factory.LazyAttribute(lambda row: f"{row.name} (fr)")
    summary = "Single crystals, from 20 micrometres."
    summary_fr = "Monocristaux, à partir de 20 micromètres."
    organisation = factory.SubFactory(
        OrganisationFactory, name="Crystallography Laboratory", country="FR", city="Grenoble", time_zone="Europe/Paris"
    )
    place = "Grenoble"
    time_zone = "Europe/Paris"
    link = "https://meet.example.org/lab"
    state = InstrumentState.LISTED

    @factory.post_generation
    def techniques(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create and extracted:
            self.techniques.set(extracted)

    @factory.post_generation
    def units(self, create: bool, extracted: int | None, **kwargs: Any) -> None:
        Unit.objects.bulk_create(Unit(instrument=self, name=f"Unit {n}") for n in range(1, (extracted or 1) + 1))

    @factory.post_generation
    def hours(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        week = extracted if extracted is not None else [(day, 540, 1020) for day in range(5)]
        OpeningHours.objects.bulk_create(
            OpeningHours(instrument=self, weekday=day, opens=opens, closes=closes) for day, opens, closes in week
        )

    @factory.post_generation
    def policy(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        Policy.objects.create(instrument=self, **(extracted or {}))


class ConnectorFactory(DjangoModelFactory):
    """A paired connector of the first unit of `instrument`; `token` is the one it was given."""

    class Meta:
        model = Connector
        exclude = ("instrument", "token")

    instrument = factory.SubFactory(InstrumentFactory)
    token = factory.Sequence(lambda n: f"rac_{n}")
    unit = factory.LazyAttribute(lambda row: row.instrument.units.first())
    name = "Hutch PC"
    target = "127.0.0.1:5900"
    system = "Linux 6.1, Python 3.11.2"
    version = "1.0"
    token_hash = factory.LazyAttribute(lambda row: digest_of(row.token))
    paired_at = factory.LazyFunction(timezone.now)
