"""What calls and awards put on people's dashboards, what beat does, and the back office."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.enums import AwardState, CallState
from calls.models import Award, Call
from calls.tasks import check_balances, settle_awards
from calls.waiting import waiting_for
from portal.audit.models import Record
from portal.core.waiting import written
from portal.notifications.models import Notification
from tests.factories.calls import AwardFactory, CallFactory

pytestmark = pytest.mark.django_db


def days(number: int):
    return timezone.now() + timedelta(days=number)


def test_an_offer_waits_for_its_holder_alone(researcher, focal_point, institute):
    award = AwardFactory(
        title="Copper", holder=researcher, organisation=institute, state=AwardState.OFFERED, answer_by=days(2)
    )
    (line,) = written(waiting_for(researcher))
    assert line.title == "Accept or turn down: Copper"
    assert (line.url, line.when, line.is_urgent) == (award.get_absolute_url(), award.answer_by, True)
    assert written(waiting_for(focal_point)) == []


def test_an_offer_past_its_day_waits_for_nobody(researcher):
    AwardFactory(holder=researcher, state=AwardState.OFFERED, answer_by=days(-1))
    assert written(waiting_for(researcher)) == []


def test_hours_about_to_be_lost_wait_for_those_who_may_book_them(
    researcher, focal_point, institute, stranger_researcher
):
    AwardFactory(title="Copper", holder=researcher, organisation=institute, valid_until=days(7).date())
    AwardFactory(title="Zinc", holder=researcher, organisation=institute, valid_until=days(60).date())
    for person in (researcher, focal_point):
        assert [line.title for line in written(waiting_for(person))] == ["10 h left to book: Copper"]
    assert written(waiting_for(stranger_researcher)) == []


def test_offers_come_before_hours_and_hours_before_reports_each_in_its_order(researcher):
    """Offers by the day to answer, hours by the latest end, reports by the day they are due."""
    for day in (9, 3):
        AwardFactory(title=f"Report {day}", holder=researcher, state=AwardState.ENDED, report_due_on=days(day).date())
        AwardFactory(title=f"Hours {day}", holder=researcher, valid_until=days(day).date())
        AwardFactory(title=f"Offer {day}", holder=researcher, state=AwardState.OFFERED, answer_by=days(day))
        AwardFactory(title="Offer for good", holder=researcher, state=AwardState.OFFERED)
    titles = [line.title.partition(": ")[2] for line in written(waiting_for(researcher))]
    assert titles == [
        *("Offer 3", "Offer 9", "Offer for good", "Offer for good"),
        *("Hours 9", "Hours 3"),
        *("Report 3", "Report 9"),
    ]
    first = Award.objects.waiting_for(researcher, timezone.now(), days(14), most=1)
    assert {award.title for award in first} == {"Offer 3", "Hours 9", "Report 3"}


def test_staff_see_drafts_and_calls_that_close_or_wait_for_their_decision(staff, visitor):
    CallFactory(title_en="Draft", draft=True)
    CallFactory(title_en="Soon", closes_at=days(3))
    CallFactory(title_en="Later", closes_at=days(50))
    CallFactory(title_en="Closed", closed=True)
    CallFactory(title_en="Decided", closed=True, state=CallState.DECIDED)
    assert {line.title for line in written(waiting_for(staff))} == {
        "Draft to finish or publish: Draft",
        "Closes soon: Soon",
        "Closed, to be decided: Closed",
    }
    assert written(waiting_for(visitor)) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_the_work_list_takes_the_same_statements_whatever_its_length(staff, rows, django_assert_num_queries):
    for _ in range(rows):
        CallFactory(draft=True)
        AwardFactory(holder=staff, state=AwardState.OFFERED, answer_by=days(2))
        AwardFactory(holder=staff, valid_until=days(7).date())
    with django_assert_num_queries(2):  # the memberships, and all the rest
        assert len(written(waiting_for(staff))) == 3 * rows


def test_beat_settles_awards_and_twice_changes_nothing_more():
    lapsing = AwardFactory(state=AwardState.OFFERED, answer_by=days(-1))
    ending = AwardFactory(valid_from=days(-90).date(), valid_until=days(-3).date())
    expiring = AwardFactory(valid_until=days(5).date())
    for _ in range(2):
        settle_awards()
    states = dict(Award.objects.values_list("pk", "state"))
    assert states == {lapsing.pk: "lapsed", ending.pk: "ended", expiring.pk: "active"}
    assert Record.objects.count() == 2
    assert [row.user for row in Notification.objects.all()] == [expiring.holder]


def test_beat_compares_balances():
    award = AwardFactory()
    check_balances()
    assert not Record.objects.exists()
    Award.objects.filter(pk=award.pk).update(balance_minutes=1)
    check_balances()
    assert Record.objects.get().verb == "find_mismatch"


# --- The back office --------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["call", "award", "ledgerentry"])
def test_the_back_office_lists_searches_and_shows(client, admin_user, staff, model):
    rows = {"call": CallFactory(), "award": AwardFactory()}
    rows["ledgerentry"] = rows["award"].entries.get()
    listing = reverse(f"admin:calls_{model}_changelist")
    page = reverse(f"admin:calls_{model}_change", args=[rows[model].pk])
    client.force_login(staff)
    assert client.get(listing).status_code == 302
    client.force_login(admin_user)
    assert client.get(listing, {"q": "a"}).status_code == 200
    assert client.get(page).status_code == 200
    assert client.post(page, {"state": "decided", "balance_minutes": "9999"}).status_code == 403
    assert client.get(reverse(f"admin:calls_{model}_add")).status_code == 403


def test_the_back_office_publishes_through_the_same_deed(client, admin_user):
    ready, unready = CallFactory(draft=True), CallFactory(draft=True, title_fr="")
    client.force_login(admin_user)
    ticked = {"action": "publish", "_selected_action": [ready.pk, unready.pk]}
    response = client.post(reverse("admin:calls_call_changelist"), ticked, follow=True)
    assert "The title in French is missing." in response.content.decode()
    states = dict(Call.objects.values_list("pk", "state"))
    assert states == {ready.pk: CallState.PUBLISHED, unready.pk: CallState.DRAFT}
    assert Record.objects.filter(verb="publish", by=admin_user).count() == 1
