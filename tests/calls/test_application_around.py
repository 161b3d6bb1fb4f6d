"""Applications elsewhere: what waits for their writers, the back office, overdue reports."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import Application
from calls.waiting import waiting_for
from portal.core.waiting import written
from tests.factories.applications import ApplicationFactory, TeamMemberFactory
from tests.factories.calls import AwardFactory, CallFactory, LateAccessFactory

pytestmark = pytest.mark.django_db


def in_days(number: int):
    return timezone.now() + timedelta(days=number)


def test_drafts_and_returned_ones_wait_for_those_who_write_them(researcher, focal_point, stranger_researcher):
    soon = ApplicationFactory(call__closes_at=in_days(2), applicant=researcher, title="")
    returned = ApplicationFactory(returned=True, applicant=researcher, title="Zinc")
    ApplicationFactory(screening=True, applicant=researcher)
    ApplicationFactory(call=CallFactory(closed=True), applicant=researcher)
    TeamMemberFactory(application=returned, user=focal_point, role="edit", accepted_at=timezone.now())
    first, second = written(waiting_for(researcher))
    assert (first.title, first.when, first.is_urgent) == (
        f"Application to finish: {soon.call.title}",
        soon.call.closes_at,
        True,
    )
    assert (second.title, second.url, second.when) == (
        "Application to change: Zinc",
        returned.get_absolute_url(),
        returned.answer_by,
    )
    assert [line.title for line in written(waiting_for(focal_point))] == ["Application to change: Zinc"]
    assert written(waiting_for(stranger_researcher)) == []


def test_a_draft_that_a_late_access_keeps_open_waits_until_that_is_over(client, researcher, stranger_researcher):
    row = ApplicationFactory(applicant=researcher, title="Tin", call=CallFactory(closed=True))
    LateAccessFactory(call=row.call, user=stranger_researcher)
    LateAccessFactory(call=row.call, user=researcher, until=timezone.now() - timedelta(hours=1))
    assert written(waiting_for(researcher)) == []
    late = LateAccessFactory(call=row.call, user=researcher)
    (line,) = written(waiting_for(researcher))
    assert (line.title, line.when) == ("Application to finish: Tin", late.until)
    client.force_login(researcher)
    assert late.until.strftime("%Y-%m-%dT%H:%M") in client.get(row.get_absolute_url()).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_what_waits_is_asked_in_one_statement(number, researcher, django_assert_num_queries):
    for _ in range(number):
        ApplicationFactory(applicant=researcher)
    with django_assert_num_queries(1):
        rows = Application.objects.to_hand_in(researcher, timezone.now())
        assert len({row.call.title for row in rows}) == number


def test_the_back_office_looks_and_types_nothing_over(client, admin_user, staff):
    row = ApplicationFactory(screening=True)
    TeamMemberFactory(application=row)
    listing = reverse("admin:calls_application_changelist")
    page = reverse("admin:calls_application_change", args=[row.pk])
    client.force_login(staff)
    assert client.get(listing).status_code == 302
    client.force_login(admin_user)
    assert client.get(listing, {"q": "copper"}).status_code == 200
    shown = client.get(page)
    assert shown.status_code == 200
    assert row.team.get().token not in shown.content.decode()
    assert client.post(page, {"state": "awarded"}).status_code == 403
    assert client.get(reverse("admin:calls_application_add")).status_code == 403


def test_an_overdue_report_is_seen_in_the_next_application(client, researcher, staff):
    AwardFactory(holder=researcher, title="Old copper", state="ended", report_due_on=in_days(-3).date())
    row = ApplicationFactory(applicant=researcher)
    for person in (researcher, staff):
        client.force_login(person)
        assert "Old copper" in client.get(row.get_absolute_url()).content.decode()
