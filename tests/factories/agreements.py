"""Agreements for tests: a draft for a year from today, or offered or agreed."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from instruments.models import Agreement
from tests.factories.instruments import InstrumentFactory


class AgreementFactory(DjangoModelFactory):
    """Traits `offered` and `agreed`; the laboratory is the instrument's."""

    class Meta:
        model = Agreement

    class Params:
        offered = factory.Trait(state="offered", offered_at=factory.LazyFunction(timezone.now))
        agreed = factory.Trait(
            state="agreed", agreed_at=factory.LazyFunction(timezone.now), signatory="Dr Head, head of the institute"
        )

    instrument = factory.SubFactory(InstrumentFactory)
    organisation = factory.LazyAttribute(lambda row: row.instrument.organisation)
    laboratory_gives = "Twelve hours a month, an operator at the instrument."
    programme_gives = "Users, reviews, the calendar."
    minutes_a_year = 8640
    starts_on = factory.LazyFunction(lambda: timezone.now().date())
    ends_on = factory.LazyAttribute(lambda row: row.starts_on + timedelta(days=365))
