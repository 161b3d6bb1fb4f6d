"""Interests for tests: confirmed wishes of beneficiaries to hear of anything."""

from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from calls.enums import InterestState
from calls.models import Interest
from instruments.models import EquipmentCategory


class InterestFactory(DjangoModelFactory):
    """`techniques` and `categories` are lists; traits `unconfirmed` and `ended`."""

    class Meta:
        model = Interest
        skip_postgeneration_save = True

    class Params:
        unconfirmed = factory.Trait(state=InterestState.UNCONFIRMED, confirmed_at=None)
        ended = factory.Trait(state=InterestState.ENDED, ended_at=factory.LazyFunction(timezone.now))

    address = factory.Sequence(lambda n: f"reader{n}@example.org")
    consent = "I agree."
    consent_version = "1"
    time_zone = "Africa/Nairobi"
    state = InterestState.ACTIVE
    confirmed_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def techniques(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create and extracted:
            self.techniques.set(extracted)

    @factory.post_generation
    def categories(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create and extracted:
            self.categories.set(extracted)


class EquipmentCategoryFactory(DjangoModelFactory):
    class Meta:
        model = EquipmentCategory
        django_get_or_create = ("slug",)

    slug = factory.Sequence(lambda n: f"category-{n}")
    name = factory.LazyAttribute(lambda category: category.slug.capitalize())
