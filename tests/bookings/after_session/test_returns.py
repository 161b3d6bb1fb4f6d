"""Lost minutes return to the award once, and never more than it paid."""

import pytest
from django.db import DatabaseError

from bookings.actions.room import reports
from bookings.actions.room.reports import return_minutes
from calls.actions.ledger import use
from calls.models import LedgerEntry
from portal.audit.actions import history_of
from portal.core.errors import Forbidden
from portal.notifications.models import Notification
from tests.bookings.after_session.steps import address, refused
from tests.bookings.test_races import all_at_once

pytestmark = pytest.mark.django_db


def test_the_laboratory_returns_lost_minutes_once(client, over, award, researcher, operator):
    client.force_login(operator)
    typed = {"minutes": "30", "why": "No power at their side."}
    assert client.post(address("return_minutes", over), typed).status_code == 302
    award.refresh_from_db()
    assert award.balance_minutes == 600 - 120 + 30
    entry = LedgerEntry.objects.latest("pk")
    assert (entry.kind, entry.minutes, entry.booking, entry.why) == ("released", 30, over.ref, typed["why"])
    assert history_of(over)[0].verb == "return_minutes"
    assert Notification.objects.filter(kind="bookings.returned", address=researcher.email).count() == 1
    assert client.post(address("return_minutes", over), typed).status_code == 422
    client.force_login(researcher)
    assert "were returned" in client.get(address("report", over)).content.decode()


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"minutes": "0", "why": "x"}, 400),
        ({"minutes": "-5", "why": "x"}, 400),
        ({"minutes": "ten", "why": "x"}, 400),
        ({"minutes": "10", "why": ""}, 400),
        ({"minutes": "10", "why": "x" * 201}, 400),
        ({"minutes": "121", "why": "x"}, 422),
    ],
)
def test_what_cannot_be_returned_is_explained(client, over, award, operator, typed, status):
    client.force_login(operator)
    assert client.post(address("return_minutes", over), typed).status_code == status
    award.refresh_from_db()
    assert award.balance_minutes == 480


def test_no_more_returns_than_the_award_paid_after_an_early_end(over, award, operator):
    use(award, 60, booking=over.ref, booked=120)
    assert refused(return_minutes, over, 61, by=operator, why="x") == "too_much"
    return_minutes(over, 60, by=operator, why="x")
    award.refresh_from_db()
    assert award.balance_minutes == 600


@pytest.mark.parametrize("who", ["researcher", "focal_point", "stranger_operator"])
def test_only_the_laboratory_returns(request, over, who):
    with pytest.raises(Forbidden):
        return_minutes(over, 10, by=request.getfixturevalue(who), why="x")


def test_what_the_ledger_does_not_take_is_not_noted_either(over, operator, monkeypatch):
    def broken(*args, **kwargs):
        raise DatabaseError

    monkeypatch.setattr(reports, "give_back", broken)
    with pytest.raises(DatabaseError):
        return_minutes(over, 10, by=operator, why="x")
    assert not history_of(over).exists()
    assert not Notification.objects.filter(kind="bookings.returned").exists()


def test_nothing_returns_while_it_lasts_or_for_no_reason(booking, operator):
    assert refused(return_minutes, booking, 10, by=operator, why="x") == "not_over"
    assert refused(return_minutes, booking, 10, by=operator, why=" ") == "no_reason"
    assert refused(return_minutes, booking, 0, by=operator, why="x") == "no_minutes"
    assert refused(return_minutes, booking, 10, by=operator, why="x" * 201) == "too_long"


@pytest.mark.django_db(transaction=True)
def test_two_operators_who_return_at_once_return_once(over, award, operator):
    outcomes = all_at_once(lambda minutes: return_minutes(over, minutes, by=operator, why="x"), [30, 40], threads=2)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["LedgerEntry", "Refused"]
    award.refresh_from_db()
    assert award.balance_minutes in (510, 520)
