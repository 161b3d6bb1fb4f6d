"""People and organisations for tests."""

import factory
from factory.django import DjangoModelFactory

from portal.accounts.enums import MembershipState, OrganisationKind, OrganisationState, Role
from portal.accounts.models import Membership, Organisation, User


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@example.org")
    country = "KE"
    career_stage = "doctoral"
    time_zone = "Africa/Nairobi"


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Institute {n}")
    slug = factory.Sequence(lambda n: f"institute-{n}")
    kind = OrganisationKind.UNIVERSITY
    country = "KE"
    city = "Nairobi"
    time_zone = "Africa/Nairobi"
    state = OrganisationState.VERIFIED


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Role.RESEARCHER
    state = MembershipState.CONFIRMED
