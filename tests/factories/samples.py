"""Samples for tests: rows as the actions would leave them."""

import factory
from factory.django import DjangoModelFactory

from bookings.models import Sample
from calls.enums import SampleForm
from tests.factories.calls import AwardFactory


class SampleFactory(DjangoModelFactory):
    """Declared by the award's holder."""

    class Meta:
        model = Sample

    award = factory.SubFactory(AwardFactory)
    label = factory.Sequence(lambda n: f"Cu-{n}")
    composition = "C12H22CuO11"
    form = SampleForm.CRYSTAL
    quantity = "3 crystals, 0.1 mm"
    declared_by = factory.SelfAttribute("award.holder")
