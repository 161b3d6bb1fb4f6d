"""A closed call comes to its outcomes: staff rank, decide and release, an applicant accepts, another steps up."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.models import Outcome
from calls.enums import ApplicationState, AwardState, CallState
from calls.models import Application, Award
from tests.factories.accounts import MembershipFactory
from tests.factories.applications import ApplicationFactory, CriterionFactory, ReviewFactory
from tests.factories.calls import CallFactory


@pytest.fixture
def call(site, instrument):
    return CallFactory(closed=True, minutes_offered=600, instruments=[instrument], title_en="Zinc call")


@pytest.fixture
def rows(call, researcher, focal_point, institute, instrument):
    """Three applications for ten hours each, scored 3, 5 and 1; the second is the researcher's."""
    people = [focal_point, researcher, MembershipFactory(organisation=institute).user]
    criterion = CriterionFactory(call=call, weight=100)
    made = []
    for person, points in zip(people, (3, 5, 1), strict=True):
        row = ApplicationFactory(
            call=call, applicant=person, organisation=institute, instrument=instrument, review=True
        )
        ReviewFactory(application=row, scores={criterion: points}, to_applicant="Grow larger crystals.")
        made.append(row)
    return made


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_outcomes_are_decided_released_and_taken(window, post, staff, researcher, focal_point, call, rows, script):
    desk = window(staff, script=script)
    desk.open(f"/en/desk/calls/{call.slug}/")
    desk.press("Outcomes")
    desk.press("Rank by score")
    desk.press("Award from the top until the hours are used")
    desk.page.locator(f"[name='{rows[0].ref}-decision']").select_option(label="Reserve list")
    desk.press("Save the list")
    desk.press("Decline the rest")
    desk.press("Check and release")
    assert "What stands in the way" not in desk.text()
    desk.page.get_by_label("Let applicants read what reviewers wrote to them").check()
    desk.press("Release and write to everybody")
    assert "These outcomes are released." in desk.text()
    call.refresh_from_db()
    assert call.state == CallState.DECIDED
    states = [Application.objects.get(pk=row.pk).state for row in rows]
    assert states == [ApplicationState.RESERVED, ApplicationState.AWARDED, ApplicationState.DECLINED]

    holder = window(researcher, script=script)
    holder.open(post.link_to(researcher.email, "/awards/"))
    holder.press("Turn it down")
    other = window(focal_point, script=script)
    other.open(post.link_to(focal_point.email, "/awards/"))
    other.press("Accept the award")
    assert Award.objects.get(holder=focal_point).state == AwardState.ACTIVE


def test_the_holder_tells_what_came_of_an_award(window, researcher, award):
    Award.objects.update(state=AwardState.ENDED, report_due_on=timezone.now().date() + timedelta(days=9))
    visit = window(researcher)
    visit.open(award.get_absolute_url())
    visit.press("Write the report")
    visit.page.get_by_label("DOIs of publications and data").fill("10.1107")
    visit.press("Hand in the report")
    assert visit.page.title().startswith("Error:")
    visit.page.get_by_label("What came of it").fill("Two polymorphs, one new.")
    visit.page.get_by_label("DOIs of publications and data").fill("https://doi.org/10.1107/S2052252526001234")
    visit.press("Hand in the report")
    assert Outcome.objects.get().dois == ["10.1107/S2052252526001234"]
    assert "Two polymorphs" in visit.text()
