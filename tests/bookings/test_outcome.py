"""The report on an award: due when it ends, reminded of, written once, read by those who see the award."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from bookings.actions.outcome import report_outcome
from bookings.forms import OutcomeForm
from bookings.models import Outcome
from calls import notices
from calls.actions import award as awards
from calls.enums import AwardKind, AwardState
from calls.models import Award
from portal.audit.models import Record
from portal.core.errors import Forbidden, WrongState
from portal.notifications.models import Notification
from tests.factories.calls import AwardFactory

pytestmark = pytest.mark.django_db
TOLD = {
    "summary": "Two polymorphs, one new.",
    "structures_solved": 2,
    "dois": "https://doi.org/10.1107/S2052252526001234\n\ndoi: 10.5281/zenodo.123456\n10.5281/ZENODO.123456",
    "theses": 1,
    "people_trained": 5,
    "women_trained": 3,
    "data_url": "data.example.org/set",
}


@pytest.fixture
def ended(researcher, institute, instrument) -> Award:
    return AwardFactory(
        holder=researcher,
        organisation=institute,
        instrument=instrument,
        state=AwardState.ENDED,
        report_due_on=timezone.now().date() + timedelta(days=20),
    )


def page(award: Award) -> str:
    return reverse("outcomes:report", args=[award.ref])


def text_of(response) -> str:
    return response.content.decode()


def test_the_holder_reports_once_by_the_page(client, ended, researcher):
    client.force_login(researcher)
    assert "Write the report" in text_of(client.get(ended.get_absolute_url()))
    assert client.post(page(ended), TOLD).url == page(ended)
    outcome = Outcome.objects.get()
    assert (outcome.award, outcome.reported_by, outcome.structures_solved) == (ended, researcher, 2)
    assert outcome.dois == ["10.1107/S2052252526001234", "10.5281/ZENODO.123456"]
    assert outcome.data_url == "https://data.example.org/set"
    ended.refresh_from_db()
    assert ended.state == AwardState.REPORTED
    entry = Record.objects.get(verb="report")
    assert (entry.by, entry.before, entry.after) == (researcher, "ended", "reported")
    assert "Two polymorphs" in text_of(client.get(page(ended)))
    assert "Read the report" in text_of(client.get(ended.get_absolute_url()))
    assert client.post(page(ended), TOLD).status_code == 422
    assert Outcome.objects.count() == 1


@pytest.mark.parametrize(("who", "status"), [("focal_point", 403), ("operator", 404), ("stranger_researcher", 404)])
def test_nobody_else_reports(client, ended, who, status, request):
    client.force_login(request.getfixturevalue(who))
    assert client.post(page(ended), TOLD).status_code == status
    with pytest.raises(Forbidden):
        report_outcome(ended, by=request.getfixturevalue(who), summary="Mine")
    assert not Outcome.objects.exists()


def test_staff_stand_in_for_a_holder_who_cannot(client, ended, staff):
    client.force_login(staff)
    assert client.post(page(ended), TOLD).status_code == 302
    assert Outcome.objects.get().reported_by == staff


@pytest.mark.parametrize("state", [state for state in AwardState if state != AwardState.ENDED])
def test_only_an_ended_award_is_reported(client, ended, researcher, state):
    Award.objects.filter(pk=ended.pk).update(state=state)
    with pytest.raises(WrongState):
        report_outcome(ended, by=researcher, summary="Too soon")
    client.force_login(researcher)
    assert "Hand in the report" not in text_of(client.get(page(ended)))
    assert not Outcome.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"summary": ""}, "This field is required"),
        ({"summary": "x" * 4001}, "at most 4000"),
        ({"women_trained": 6}, "more women than people"),
        ({"structures_solved": -1}, "greater than or equal to 0"),
        ({"dois": "10.1107"}, "is no DOI"),
        ({"dois": "10.1107/<script>"}, "is no DOI"),
        ({"dois": "\n".join(f"10.1107/{n}" for n in range(51))}, "at most 50"),
        ({"data_url": "javascript:alert(1)"}, "valid URL"),
        ({"people_trained": "many"}, "whole number"),
    ],
)
def test_what_does_not_do_is_explained(client, ended, researcher, changes, sentence):
    client.force_login(researcher)
    response = client.post(page(ended), TOLD | changes)
    assert response.status_code == 400
    assert sentence in text_of(response)
    ended.refresh_from_db()
    assert ended.state == AwardState.ENDED


def test_a_good_outcome_becomes_a_story_only_with_consent_kept_word_for_word(client, ended, researcher):
    client.force_login(researcher)
    assert "nothing is published before I" in text_of(client.get(page(ended)))
    client.post(page(ended), TOLD | {"may_become_story": "on"})
    outcome = Outcome.objects.get()
    assert outcome.may_become_story
    assert outcome.story_consent.startswith("This may become a success story")
    assert outcome.story_consent in text_of(client.get(page(ended)))
    with pytest.raises(IntegrityError), transaction.atomic():
        Outcome.objects.update(story_consent="")


def test_without_consent_an_outcome_stays_a_report(client, ended, researcher):
    client.force_login(researcher)
    client.post(page(ended), TOLD)
    outcome = Outcome.objects.get()
    assert (outcome.may_become_story, outcome.story_consent) == (False, "")
    assert not Notification.objects.filter(kind="bookings.story_offered").exists()


def test_staff_who_write_stories_are_told_of_a_good_outcome_once(client, ended, researcher, staff):
    client.force_login(researcher)
    client.post(page(ended), TOLD | {"may_become_story": "on"})
    client.post(page(ended), TOLD | {"may_become_story": "on"})
    told = Notification.objects.filter(kind="bookings.story_offered")
    assert [row.address for row in told] == [staff.email]


def test_women_are_counted_among_people(ended):
    with pytest.raises(IntegrityError), transaction.atomic():
        Outcome.objects.create(award=ended, summary="x", people_trained=1, women_trained=2, reported_at=timezone.now())


def test_a_second_write_that_fails_leaves_the_award_ended(ended, researcher):
    Outcome.objects.create(award=ended, summary="x", reported_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        report_outcome(ended, by=researcher, summary="Again")
    ended.refresh_from_db()
    assert ended.state == AwardState.ENDED
    assert not Record.objects.filter(verb="report").exists()


def test_who_sees_the_award_sees_its_report(ended, researcher, focal_point, staff, stranger_researcher, operator):
    outcome = Outcome.objects.create(award=ended, summary="x", reported_at=timezone.now())
    for person in (researcher, focal_point, staff):
        assert list(Outcome.objects.visible_to(person)) == [outcome]
    for person in (stranger_researcher, operator):
        assert not Outcome.objects.visible_to(person).exists()


def test_an_empty_report_of_numbers_is_a_report():
    form = OutcomeForm({"summary": "Nothing worked."} | dict.fromkeys(("structures_solved", "theses"), "0"))
    assert set(form.errors) == {"people_trained", "women_trained"}


# --- Due ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "due"),
    [(AwardKind.HOURS, date(2027, 4, 30)), (AwardKind.PLACE, date(2027, 4, 30)), (AwardKind.NEED, None)],
)
def test_a_report_is_due_thirty_days_after_the_end(kind, due):
    award = AwardFactory(kind=kind, valid_from=date(2027, 3, 1), valid_until=date(2027, 3, 31))
    assert awards.end_expired(award.ends_at) == 1
    award.refresh_from_db()
    assert (award.state, award.report_due_on) == (AwardState.ENDED, due)


def told(kind) -> int:
    return Notification.objects.filter(kind=kind.name).count()


def test_holders_are_reminded_once_before_and_once_after(ended):
    due = date(2027, 4, 30)
    Award.objects.filter(pk=ended.pk).update(report_due_on=due)
    noon = datetime(2027, 4, 30, 12, tzinfo=UTC)
    for days, expected in ((-8, (0, 0)), (-7, (1, 0)), (-1, (1, 0)), (0, (1, 0)), (1, (1, 1)), (2, (1, 1))):
        awards.remind_of_reports(noon + timedelta(days=days))
        assert (told(notices.AWARD_REPORT_DUE), told(notices.AWARD_REPORT_OVERDUE)) == expected


def test_overdue_reports_are_those_of_the_holder_past_their_day(ended, researcher, focal_point):
    day = ended.report_due_on
    assert not Award.objects.report_overdue(researcher, day).exists()
    assert list(Award.objects.report_overdue(researcher, day + timedelta(days=1))) == [ended]
    assert not Award.objects.report_overdue(focal_point, day + timedelta(days=1)).exists()
    Award.objects.filter(pk=ended.pk).update(state=AwardState.REPORTED)
    assert not Award.objects.report_overdue(researcher, day + timedelta(days=1)).exists()


def test_staff_ask_again_at_most_once_a_day(ended, staff, researcher):
    late = AwardFactory(holder=researcher, state=AwardState.ENDED, report_due_on=timezone.now().date() - timedelta(1))
    assert awards.remind_overdue([ended, late], by=staff) == 1
    awards.remind_overdue([late], by=staff)
    assert told(notices.AWARD_REPORT_OVERDUE) == 1
    with pytest.raises(Forbidden):
        awards.remind_overdue([late], by=researcher)
