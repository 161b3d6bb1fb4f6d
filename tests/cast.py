"""The fixed cast: everybody who comes to the portal, and a stranger of each kind from elsewhere."""

import pytest
from django.contrib.auth.models import AnonymousUser

from instruments.models import Instrument
from portal.accounts.enums import Role
from portal.accounts.models import Organisation, User
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.instruments import InstrumentFactory, TechniqueFactory

PASSWORD = "correct-horse-battery"


@pytest.fixture
def institute(db: None) -> Organisation:
    """Where those who need an instrument work."""
    return OrganisationFactory(name="Lakeside University", slug="lakeside-university")


@pytest.fixture
def laboratory(db: None) -> Organisation:
    """Where the instrument stands."""
    return OrganisationFactory(
        name="Alpine Crystallography Laboratory",
        slug="alpine-crystallography",
        country="FR",
        city="Grenoble",
        time_zone="Europe/Paris",
    )


@pytest.fixture
def elsewhere(db: None) -> Organisation:
    """An organisation that has nothing to do with the others."""
    return OrganisationFactory(name="Coastal Institute", slug="coastal-institute", country="SN", city="Dakar")


@pytest.fixture
def visitor() -> AnonymousUser:
    return AnonymousUser()


def _person(name: str, organisation: Organisation | None = None, role: Role | None = None, **fields: object) -> User:
    slug = name.lower().replace(" ", ".")
    user = UserFactory(name=name, email=f"{slug}@example.org", **fields)
    user.set_password(PASSWORD)
    user.save()
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    if organisation and role:
        MembershipFactory(user=user, organisation=organisation, role=role)
    return user


@pytest.fixture
def researcher(institute: Organisation) -> User:
    return _person("Amina Researcher", institute, Role.RESEARCHER)


@pytest.fixture
def focal_point(institute: Organisation) -> User:
    return _person("Farid Focal", institute, Role.FOCAL_POINT)


@pytest.fixture
def operator(laboratory: Organisation) -> User:
    return _person("Odile Operator", laboratory, Role.OPERATOR, time_zone="Europe/Paris", country="FR")


@pytest.fixture
def reviewer(db: None) -> User:
    return _person("Rui Reviewer")


@pytest.fixture
def donor(db: None) -> User:
    return _person("Dora Donor")


@pytest.fixture
def staff(db: None) -> User:
    return _person("Sam Staff", is_staff=True, time_zone="Europe/Paris")


@pytest.fixture
def admin_user(db: None) -> User:
    return _person("Ada Admin", is_staff=True, is_superuser=True)


@pytest.fixture
def stranger_researcher(elsewhere: Organisation) -> User:
    return _person("Stranger Researcher", elsewhere, Role.RESEARCHER)


@pytest.fixture
def stranger_focal_point(elsewhere: Organisation) -> User:
    return _person("Stranger Focal", elsewhere, Role.FOCAL_POINT)


@pytest.fixture
def stranger_operator(elsewhere: Organisation) -> User:
    return _person("Stranger Operator", elsewhere, Role.OPERATOR)


@pytest.fixture
def instrument(laboratory: Organisation) -> Instrument:
    return InstrumentFactory(
        slug="alpine-diffractometer",
        name="Alpine diffractometer",
        organisation=laboratory,
        techniques=[TechniqueFactory(slug="single-crystal-x-ray")],
    )
