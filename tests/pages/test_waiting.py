"""What waits for those who hold a role shows on their own page, and for nobody who only asked for it."""

from typing import Any

import pytest
from django.test import Client

from instruments.enums import InstrumentState
from portal.accounts.enums import MembershipState, Role
from portal.accounts.models import Organisation, User
from tests.factories.accounts import MembershipFactory
from tests.factories.applications import ApplicationFactory, EndorsementFactory
from tests.factories.bookings import BookingFactory
from tests.factories.calls import AwardFactory
from tests.factories.instruments import InstrumentFactory

pytestmark = pytest.mark.django_db


def waiting(client: Client, user: User) -> set[str]:
    client.force_login(user)
    return {line.title for line in client.get("/en/me/").context["waiting"]}


@pytest.fixture
def of_operators(laboratory: Organisation) -> set[str]:
    """What waits for the laboratory's operators, one line of each sort."""
    instrument = InstrumentFactory(name="Diffractometer", organisation=laboratory)
    award = AwardFactory(instrument=instrument)
    BookingFactory(award=award, state="requested")
    InstrumentFactory(name="Microscope", organisation=laboratory, state=InstrumentState.SUSPENDED)
    ApplicationFactory(title="Tin", instrument=instrument, feasibility=True)
    MembershipFactory(organisation=laboratory, role=Role.OPERATOR, state=MembershipState.REQUESTED)
    return {
        f"{award.organisation} asks for time on Diffractometer",
        "Microscope is suspended: resume it when it works again",
        "Feasible and safe? Tin",
        f"1 person asks to join {laboratory}",
    }


@pytest.fixture
def of_focal_points(institute: Organisation) -> set[str]:
    EndorsementFactory(application=ApplicationFactory(title="Zinc", organisation=institute))
    MembershipFactory(organisation=institute, state=MembershipState.REQUESTED)
    return {"Endorse or not: Zinc", f"1 person asks to join {institute}"}


def test_who_holds_a_role_finds_what_waits_for_it(
    client: Client, of_operators: set[str], of_focal_points: set[str], operator: Any, focal_point: Any, researcher: Any
) -> None:
    assert waiting(client, operator) == of_operators
    assert waiting(client, focal_point) == of_focal_points
    assert waiting(client, researcher) == set()


def test_a_role_that_was_only_asked_for_opens_nothing(
    client: Client, of_operators: set[str], laboratory: Organisation, researcher: Any
) -> None:
    asked = MembershipFactory(
        user=researcher, organisation=laboratory, role=Role.OPERATOR, state=MembershipState.REQUESTED
    )
    assert waiting(client, researcher) == {f"Your request to be operator at {laboratory} waits for an answer"}
    asked.state = MembershipState.CONFIRMED
    asked.save()
    assert waiting(client, researcher) == of_operators
