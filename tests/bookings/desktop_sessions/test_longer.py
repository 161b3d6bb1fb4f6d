"""A session is made longer step by step while nobody follows and the award pays."""

import re
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from bookings.actions.extension import extend_session, may_extend
from bookings.actions.session import advance_session, end_session
from bookings.enums import SessionState
from bookings.models import Booking
from calls.actions.ledger import spend
from calls.models import LedgerEntry
from instruments import actions as laboratory
from portal.core.errors import Forbidden, Refused
from tests.bookings.desktop_sessions.steps import answer, joined, session_of
from tests.factories.bookings import BookingFactory
from tests.factories.calls import AwardFactory
from tests.support.promises import broken_promises

pytestmark = pytest.mark.django_db


def test_a_step_longer_is_paid_by_the_award_and_occupies_the_unit(live, award, researcher, monday, at):
    at(100)
    assert may_extend(session_of(live))
    session = extend_session(live, by=researcher)
    live.refresh_from_db()
    assert session.ends_at == live.end == live.occupied.upper == monday.end + timedelta(hours=1)
    award.refresh_from_db()
    assert (live.minutes, award.balance_minutes) == (180, 600 - 180)
    at(179)
    assert advance_session(live).state == SessionState.LIVE
    at(180)
    assert advance_session(live).state == SessionState.ENDED
    assert -sum(LedgerEntry.objects.filter(booking=live.ref).values_list("minutes", flat=True)) == 180


def test_nobody_extends_into_the_next_booking(live, instrument, researcher, monday, at):
    BookingFactory(award=AwardFactory(instrument=instrument), start=monday.end)
    at(100)
    assert not may_extend(session_of(live))
    refused(live, researcher, "followed")


def test_nor_into_the_evening_nor_over_a_closure(live, instrument, operator, researcher, monday, at):
    laboratory.add_closure(instrument, monday.end, monday.end + timedelta(hours=1), "Cleaning", by=operator)
    at(100)
    refused(live, researcher, "outside_hours")


def test_nor_with_hours_that_are_not_there(live, award, researcher, at):
    LedgerEntry.objects.create(award=award, kind="used", minutes=-480, at=timezone.now())
    type(award).objects.filter(pk=award.pk).update(balance_minutes=0)
    at(100)
    refused(live, researcher, "not_enough_hours")


def test_nor_beyond_the_longest_booking_nor_before_it_is_live_nor_after(booking, desktop, instrument, researcher, at):
    instrument.policy.longest = 120
    instrument.policy.save()
    at(-1)
    answer(desktop)
    refused(booking, researcher, "not_live")
    at(0)
    advance_session(booking)
    joined(booking)
    refused(booking, researcher, "too_long")
    end_session(booking, by=researcher)
    refused(booking, researcher, "not_live")


@pytest.mark.parametrize("who", ["stranger_researcher", "stranger_operator", "donor", "focal_point"])
def test_nor_a_stranger(live, request, who):
    with pytest.raises(Forbidden):
        extend_session(live, by=request.getfixturevalue(who))


def refused(booking, by, code):
    before = Booking.objects.values().get(pk=booking.pk)
    with pytest.raises(Refused) as refusal:
        extend_session(booking, by=by)
    assert code in refusal.value.codes
    assert Booking.objects.values().get(pk=booking.pk) == before


def test_the_page_and_the_api_make_it_longer(live, client, researcher, monday, at):
    client.force_login(researcher)
    at(100)
    answer = client.post(f"/en/sessions/{live.ref}/extend/", follow=True)
    assert "the award has paid for it" in answer.content.decode()
    at(170)
    answer = client.post(
        f"/api/v1/sessions/{live.ref}/extend/", {}, "application/json", headers={"Idempotency-Key": "k1"}
    )
    assert answer.status_code == 200, answer.content
    assert datetime.fromisoformat(answer.json()["ends_at"]) == monday.end + timedelta(hours=2)
    seen = {"ends_at": monday.end.isoformat()}
    stale = client.post(f"/api/v1/sessions/{live.ref}/extend/", seen, "application/json")
    assert (stale.status_code, stale.json()["errors"][0]["code"]) == (422, "another_end")
    at(239)
    client.post(f"/en/sessions/{live.ref}/extend/")
    instrument = live.instrument
    BookingFactory(award=AwardFactory(instrument=instrument), start=monday.end + timedelta(hours=3))
    answer = client.post(f"/en/sessions/{live.ref}/extend/", follow=True)
    assert "Somebody else has the time that follows." in answer.content.decode()


def test_a_second_click_or_a_second_person_pays_no_second_step(live, award, client, researcher, monday, at):
    client.force_login(researcher)
    at(100)
    page = client.get(f"/en/sessions/{live.ref}/").content.decode()
    ends = re.search(r'form="extend" name="ends" value="([^"]+)"', page)[1]
    for _ in range(2):
        answer = client.post(f"/en/sessions/{live.ref}/extend/", {"ends": ends}, follow=True)
    assert "The session has another end by now." in answer.content.decode()
    for nonsense in ("", "soon", "2026-13-01", "2026-11-23T10:00:00", "\0"):
        client.post(f"/en/sessions/{live.ref}/extend/", {"ends": nonsense})
    assert session_of(live).ends_at == monday.end + timedelta(hours=1)
    award.refresh_from_db()
    assert award.balance_minutes == 600 - 180
    log = client.get(f"/en/sessions/{live.ref}/log/").content.decode()
    assert log.count("Made longer") == 1


def test_days_that_became_hours_since_give_no_minutes_away(live, award, researcher, at):
    spend(award, 180, booking=live.ref, by=researcher)
    Booking.objects.filter(pk=live.pk).update(minutes=300)
    at(100)
    extend_session(live, by=researcher)
    live.refresh_from_db()
    award.refresh_from_db()
    assert (live.minutes, award.balance_minutes) == (300, 300)
    assert not [*broken_promises()]
