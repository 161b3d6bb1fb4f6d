"""What is always true of people's rows."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from portal.accounts.models import Membership, Organisation, User
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_addresses_are_kept_in_lower_case() -> None:
    user = User.objects.create_user("Amina.K@Example.ORG", "correct-horse-battery", name="Amina")
    assert user.email == "amina.k@example.org"
    assert User.objects.get_by_natural_key("AMINA.K@example.org") == user


def test_the_table_refuses_an_address_with_capitals() -> None:
    user = UserFactory()
    with pytest.raises(IntegrityError, match="user_address_in_lower_case"), transaction.atomic():
        User.objects.filter(pk=user.pk).update(email="Amina@example.org")


def test_one_orcid_belongs_to_one_account() -> None:
    UserFactory(orcid="0000-0002-1825-0097")
    UserFactory(orcid="")
    UserFactory(orcid="")
    with pytest.raises(IntegrityError, match="user_once_an_orcid"), transaction.atomic():
        UserFactory(orcid="0000-0002-1825-0097")


def test_one_ror_belongs_to_one_organisation() -> None:
    OrganisationFactory(ror="03yrm5c26")
    with pytest.raises(IntegrityError, match="organisation_once_a_ror"), transaction.atomic():
        OrganisationFactory(ror="03yrm5c26")


def test_a_role_is_held_or_asked_for_once_and_again_when_it_is_over() -> None:
    first = MembershipFactory(state="ended")
    again = MembershipFactory(user=first.user, organisation=first.organisation, state="requested")
    with pytest.raises(IntegrityError, match="membership_open_once"), transaction.atomic():
        MembershipFactory(user=again.user, organisation=again.organisation, state="confirmed")
    assert Membership.objects.open().get() == again


def test_only_real_time_zones_pass() -> None:
    user = UserFactory.build(time_zone="Africa/Atlantis")
    with pytest.raises(ValidationError) as refusal:
        user.full_clean()
    assert "time_zone" in refusal.value.message_dict


def test_rows_name_themselves_and_their_page() -> None:
    membership = MembershipFactory(
        user__name="Amina", organisation=OrganisationFactory(name="Lakeside University", slug="lakeside")
    )
    assert str(membership) == "Amina - Researcher, Lakeside University"
    assert membership.organisation.get_absolute_url() == "/en/organisations/lakeside/"
    assert Organisation.objects.get().zone_words == "Nairobi time"
