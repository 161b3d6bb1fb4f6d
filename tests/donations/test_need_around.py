"""Around needs: what waits for their people, the back office, and deeds of which half cannot be written."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from donations.actions import need as actions
from donations.waiting_needs import needs_waiting_for
from portal.audit.actions import history_of
from portal.core.waiting import written
from tests.factories.donations import ApprovedMatchFactory, NeedDraftFactory, NeedFactory, PhotoFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", [1, 3])
def test_what_is_returned_or_near_its_end_waits(number, focal_point, stranger_focal_point, django_assert_num_queries):
    now = timezone.now()
    for place in range(number):
        soon = now + timedelta(days=1 + place)
        NeedDraftFactory(asked_by=focal_point, state="returned", answer_by=soon, note="Which rotor?", title="Spinner")
        NeedFactory(asked_by=focal_point, expires_on=soon.date() + timedelta(days=10), title="Balance")
    NeedFactory(asked_by=focal_point)
    with django_assert_num_queries(1):
        lines = written([needs_waiting_for(focal_point, now)])
    assert len(lines) == 2 * number
    assert (lines[0].title, lines[0].detail) == ("Change and hand in again: Spinner", "Which rotor?")
    assert (lines[0].is_urgent, lines[-1].is_urgent) == (True, False)
    assert lines[-1].title == "Is it still needed? Balance"
    assert written([needs_waiting_for(stranger_focal_point, now)]) == []


def test_a_withdrawal_whose_letter_cannot_be_written_did_not_happen(focal_point):
    match = ApprovedMatchFactory(need__asked_by=focal_point, need__quantity=2)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE notifications_notification ADD CONSTRAINT no_letter CHECK (kind = '')")
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.withdraw(match.need, by=focal_point, why="No room")
    match.refresh_from_db()
    match.need.refresh_from_db()
    assert (match.state, match.need.state, match.need.quantity_matched) == ("approved", "open", 1)
    assert not history_of(match.need).exists()


def test_the_back_office_shows_a_need_and_changes_nothing(admin_user):
    need = NeedFactory()
    need.requirements.create(feature="cooled")
    PhotoFactory(need=need)
    client = Client()
    client.force_login(admin_user)
    assert need.title in client.get("/en/admin/donations/need/").content.decode()
    address = f"/en/admin/donations/need/{need.pk}/change/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"title": "Other"}).status_code == 403
