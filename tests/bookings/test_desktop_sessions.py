"""A session with a desktop: asked before it is ready, opened by the clock, missed when nobody joins, made longer."""

import json
import re
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.utils import timezone
from redis import Redis

from bookings.actions import probing
from bookings.actions.booking import book_time
from bookings.actions.changes import cancel_booking, fail_booking
from bookings.actions.extension import extend_session, may_extend
from bookings.actions.session import advance_session, begin_session, end_session, state_at
from bookings.door import door_answers
from bookings.enums import BookingState, SessionState
from bookings.models import Booking, Session
from calls.actions.ledger import spend
from calls.models import LedgerEntry
from instruments import actions as laboratory
from instruments.actions.desktop import note_answer
from instruments.enums import AccessMode
from instruments.models import Desktop
from portal.accounts.actions import end_membership, set_standing
from portal.audit.actions import history_of
from portal.core.errors import Forbidden, Refused
from portal.notifications.models import Notification
from tests.factories.bookings import BookingFactory
from tests.factories.calls import AwardFactory
from tests.support.promises import broken_promises

pytestmark = pytest.mark.django_db


@pytest.fixture
def desktop(instrument):
    return Desktop.objects.create(unit=instrument.units.get(), route="practice")


@pytest.fixture
def booking(desktop, instrument, award, monday, researcher):
    return book_time(instrument, monday, award, by=researcher)


@pytest.fixture
def at(time_machine, monday):
    def move(minutes):
        time_machine.move_to(monday.start + timedelta(minutes=minutes), tick=False)

    return move


def answer(desktop, trouble=""):
    desktop.refresh_from_db()
    return note_answer(desktop, trouble)


def session_of(booking):
    return Session.objects.get(booking=booking)


def joined(booking):
    Session.objects.filter(booking=booking).update(joined_at=timezone.now())


def calls_to(operator):
    return Notification.objects.filter(kind="bookings.not_answering", address=operator.email).count()


@pytest.fixture
def live(desktop, booking, at):
    at(-1)
    answer(desktop)
    at(0)
    assert advance_session(booking).state == SessionState.LIVE
    joined(booking)
    return booking


def test_it_is_ready_only_while_the_desktop_has_just_answered(desktop, booking, at):
    at(-15)
    assert advance_session(booking).state == SessionState.QUEUED
    answer(desktop, "unreachable")
    assert advance_session(booking).state == SessionState.QUEUED
    answer(desktop)
    at(-12)
    assert advance_session(booking).state == SessionState.QUEUED  # three minutes old
    answer(desktop)
    assert advance_session(booking).state == SessionState.READY
    assert [entry.verb for entry in history_of(session_of(booking))] == ["prepare", "queue"]


def test_the_clock_opens_its_door_on_the_minute(live):
    session = session_of(live)
    assert session.opened_at == session.starts_at
    assert session.controller is None


def test_a_suspended_instrument_does_not_answer(desktop, booking, instrument, at):
    at(-10)
    answer(desktop)
    row = Booking.objects.for_page().get(pk=booking.pk)
    assert door_answers(row, timezone.now())
    row.instrument.state = "suspended"
    assert not door_answers(row, timezone.now())


def test_observed_sessions_wait_for_somebody_to_begin(desktop, booking, instrument, operator, at):
    instrument.access_mode = AccessMode.OBSERVED
    instrument.save()
    at(0)
    answer(desktop)
    assert advance_session(booking).state == SessionState.READY
    assert begin_session(booking, by=operator).joined_at is None
    at(40)
    assert advance_session(booking).state == SessionState.LIVE


def test_operators_are_called_once_and_only_after_it_was_tried_for_a_while(desktop, booking, operator, at):
    at(-15)
    advance_session(booking)
    answer(desktop, "silent")
    advance_session(booking)
    assert calls_to(operator) == 0
    at(-14)
    for _ in range(3):
        advance_session(booking)
    assert calls_to(operator) == 1
    assert session_of(booking).answer_told_at == timezone.now()
    at(30)
    advance_session(booking)
    assert session_of(booking).state == SessionState.FAILED


def test_nobody_who_takes_part_joined(desktop, booking, award, at):
    at(-1)
    answer(desktop)
    at(0)
    advance_session(booking)
    at(29)
    assert advance_session(booking).state == SessionState.LIVE
    at(30)
    assert state_at(session_of(booking), timezone.now()) == SessionState.MISSED
    advance_session(booking)
    booking.refresh_from_db()
    assert (booking.state, session_of(booking).state) == (BookingState.MISSED, SessionState.MISSED)
    assert booking.occupied.upper == timezone.now()


def test_who_joined_keeps_the_session_to_its_end(live, at):
    at(119)
    assert advance_session(live).state == SessionState.LIVE
    at(120)
    assert advance_session(live).state == SessionState.ENDED


def test_a_door_that_opened_late_leaves_the_whole_grace(desktop, booking, at):
    at(20)
    answer(desktop)
    advance_session(booking)
    at(49)
    assert advance_session(booking).state == SessionState.LIVE
    at(50)
    assert advance_session(booking).state == SessionState.MISSED


def test_no_worker_until_after_the_grace_is_the_portals_fault(desktop, booking, award, at):
    award.refresh_from_db()
    at(-1)
    answer(desktop)
    advance_session(booking)
    at(31)
    advance_session(booking)
    booking.refresh_from_db()
    assert booking.state == BookingState.FAILED
    award.refresh_from_db()
    assert award.balance_minutes == 600


def test_the_tick_finds_doors_to_open_and_empty_ones(desktop, booking, at):
    at(-1)
    answer(desktop)
    advance_session(booking)
    assert not Session.objects.due_at(timezone.now()).exists()
    at(0)
    assert Session.objects.due_at(timezone.now()).get() == session_of(booking)
    advance_session(booking)
    assert not Session.objects.due_at(timezone.now()).exists()
    at(30)
    assert Session.objects.due_at(timezone.now()).exists()
    joined(booking)
    assert not Session.objects.due_at(timezone.now()).exists()


def test_desktops_are_asked_every_twenty_seconds_by_one_worker(desktop, booking, at):
    at(-16)
    assert probing.wake_probes() == 0
    at(-15)
    assert [probing.wake_probes() for _ in range(3)] == [1, 0, 0]
    at(-14)
    assert probing.wake_probes() == 1
    at(-13)
    answer(desktop)
    advance_session(booking)
    assert session_of(booking).state == SessionState.READY
    at(-12)
    assert probing.wake_probes() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_tick_reads_in_one_statement(instrument, award, monday, at, count, django_assert_num_queries):
    for number in range(count):
        unit = instrument.units.create(name=f"Further {number}")
        Desktop.objects.create(unit=unit, route="practice")
        BookingFactory(award=award, start=monday.start, unit=unit)
    at(-10)
    with django_assert_num_queries(1 + count):  # each is claimed on its own
        assert probing.wake_probes() == count


def test_an_answer_of_other_settings_counts_for_nothing(desktop, booking, operator, at):
    at(-10)
    asked = Desktop.objects.get(pk=desktop.pk)
    laboratory.set_desktop(desktop.unit, by=operator, route="direct", host="10.1.2.3")
    assert not note_answer(asked, "")
    desktop.refresh_from_db()
    assert desktop.answered_at is None


def test_an_answer_wakes_the_sessions_that_wait(desktop, booking, at, django_capture_on_commit_callbacks):
    at(-10)
    advance_session(booking)
    desktop.refresh_from_db()
    with django_capture_on_commit_callbacks() as callbacks:
        probing.take_answer(desktop, "")
    assert len(callbacks) == 1


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


@pytest.fixture
def relay():
    """What a relay hears."""
    line = Redis.from_url(settings.REDIS_URL).pubsub()
    line.subscribe("relay")
    line.get_message(timeout=2)

    def heard():
        found = []
        while message := line.get_message(timeout=0.3):
            found.append(json.loads(message["data"]))
        return found

    yield heard
    line.close()


def told(capture, deed):
    with capture(execute=True):
        deed()


def test_relays_hear_of_every_change_of_a_session(
    live, relay, researcher, operator, institute, django_capture_on_commit_callbacks, at
):
    capture, word = django_capture_on_commit_callbacks, {"session": session_of(live).pk}
    at(10)
    told(capture, lambda: extend_session(live, by=researcher))
    assert word in relay()
    told(capture, lambda: laboratory.suspend_instrument(live.instrument, by=operator, why="A leak."))
    assert word in relay()
    told(capture, lambda: fail_booking(live, by=operator, why="The power went."))
    assert word in relay()


def test_relays_hear_of_a_cancelled_booking(booking, researcher, relay, django_capture_on_commit_callbacks):
    told(django_capture_on_commit_callbacks, lambda: cancel_booking(booking, by=researcher))
    assert {"session": session_of(booking).pk} in relay()


def test_relays_hear_of_people_who_may_do_less(
    booking, relay, researcher, operator, staff, admin_user, rf, django_capture_on_commit_callbacks
):
    capture = django_capture_on_commit_callbacks
    told(capture, lambda: end_membership(operator.memberships.get(), by=staff))
    assert {"user": operator.pk} in relay()
    told(capture, lambda: set_standing(researcher, "is_active", False, by=admin_user))
    assert {"user": researcher.pk} in relay()
    told(capture, lambda: user_logged_out.send(type(researcher), request=rf.get("/"), user=researcher))
    assert {"user": researcher.pk} in relay()


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


def test_who_comes_opens_the_door_where_no_worker_was(desktop, booking, client, researcher, at):
    at(1)
    answer(desktop)
    client.force_login(researcher)
    assert session_of(booking).state == SessionState.SCHEDULED
    told = client.post(f"/en/sessions/{booking.ref}/ticket/")
    assert (told.status_code, session_of(booking).state) == (200, SessionState.LIVE)
