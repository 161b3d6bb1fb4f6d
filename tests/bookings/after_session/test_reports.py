"""Each side tells once how a session went, and is asked to a day after."""

from datetime import timedelta

import pytest
from django.db import transaction

from bookings.actions.room.reports import remind_of_reports, write_report
from bookings.models import Session, SessionReport
from portal.audit.actions import history_of
from portal.core.errors import Forbidden
from portal.notifications.models import Notification
from tests.bookings.after_session.steps import address, end, refused
from tests.bookings.test_races import all_at_once
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def test_each_side_tells_once_how_it_went(client, over, researcher, operator):
    client.force_login(researcher)
    told = {"went": "partly", "minutes_lost": "20", "text": "The line dropped twice."}
    assert client.post(address("report", over), told).url == address("report", over)
    again = client.post(address("report", over), told)
    assert (again.status_code, "Your side has written" in again.content.decode()) == (422, True)
    client.force_login(operator)
    page = client.get(address("report", over)).content.decode()
    assert "The line dropped twice." in page
    assert 'value="20"' in page  # offered to be returned
    client.post(address("report", over), {"went": "well", "minutes_lost": "0"})
    assert list(SessionReport.objects.order_by("pk").values_list("by_laboratory", "author", "went")) == [
        (False, researcher.pk, "partly"),
        (True, operator.pk, "well"),
    ]
    assert "Hand in the report" not in client.get(address("report", over)).content.decode()
    assert [entry.verb for entry in history_of(over.session)] == ["report", "report"]


def test_who_takes_part_and_runs_the_instrument_tells_for_those_who_take_part(over, operator):
    over.participants.add(operator)
    assert write_report(over, by=operator, went="well").by_laboratory is False


@pytest.mark.parametrize(
    "wrong",
    [
        {"went": ""},
        {"went": "superbly"},
        {"minutes_lost": "-1"},
        {"minutes_lost": "many"},
        {"minutes_lost": ""},
        {"went": "badly", "text": ""},
        {"text": "x" * 4001},
    ],
)
def test_what_is_no_report_is_explained(client, over, researcher, wrong):
    client.force_login(researcher)
    response = client.post(address("report", over), {"went": "well", "minutes_lost": "0", "text": ""} | wrong)
    assert response.status_code == 400
    assert "There is a problem" in response.content.decode()
    assert not SessionReport.objects.exists()


def test_no_more_minutes_are_lost_than_were_booked(over, researcher):
    assert refused(write_report, over, by=researcher, went="well", minutes_lost=121) == "too_much"


def test_there_is_nothing_to_report_before_the_end(booking, researcher, focal_point, client):
    assert refused(write_report, booking, by=researcher, went="well") == "not_over"
    client.force_login(researcher)
    assert "once the session has ended" in client.get(address("report", booking)).content.decode()
    with pytest.raises(Forbidden):
        write_report(end(booking), by=focal_point, went="well")


@pytest.mark.django_db(transaction=True)
def test_two_who_report_for_one_side_at_once_leave_one_report(over, researcher):
    other = UserFactory()
    over.participants.add(other)
    outcomes = all_at_once(lambda person: write_report(over, by=person, went="well"), [researcher, other], threads=2)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Refused", "SessionReport"]


def test_each_side_that_has_not_told_is_asked_once_a_day_after(over, researcher, operator, time_machine):
    write_report(over, by=operator, went="well")
    closed = over.session.closed_at
    time_machine.move_to(closed + timedelta(hours=23, minutes=59), tick=False)
    assert remind_of_reports() == 0
    time_machine.move_to(closed + timedelta(days=1), tick=False)
    assert (remind_of_reports(), remind_of_reports()) == (1, 0)
    sent = Notification.objects.filter(kind__startswith="bookings.report_due")
    assert [(row.kind, row.address) for row in sent] == [("bookings.report_due", researcher.email)]


def test_the_laboratory_is_asked_too_and_nobody_about_old_times(over, researcher, operator, time_machine):
    time_machine.move_to(over.session.closed_at + timedelta(days=15), tick=False)
    assert remind_of_reports() == 0
    time_machine.move_to(over.session.closed_at + timedelta(days=2), tick=False)
    assert remind_of_reports() == 1
    kinds = Notification.objects.filter(kind__startswith="bookings.report_due").values_list("kind", "address")
    assert set(kinds) == {
        ("bookings.report_due", researcher.email),
        ("bookings.report_due_laboratory", operator.email),
    }


@pytest.mark.django_db(transaction=True)
def test_a_session_that_another_worker_is_at_is_left_to_it(over, time_machine):
    time_machine.move_to(over.session.closed_at + timedelta(days=1), tick=False)
    with transaction.atomic():
        Session.objects.select_for_update(no_key=True).get(pk=over.session.pk)
        assert all_at_once(lambda _tick: remind_of_reports(), [1], threads=1) == [0]
    assert remind_of_reports() == 1
