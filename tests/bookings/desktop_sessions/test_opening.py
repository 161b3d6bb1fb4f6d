"""A session with a desktop: asked before it is ready, opened by the clock, missed when nobody joins."""

import pytest
from django.utils import timezone

from bookings.actions.session import advance_session, begin_session, state_at
from bookings.door import door_answers
from bookings.enums import BookingState, SessionState
from bookings.models import Booking
from instruments.enums import AccessMode
from portal.audit.actions import history_of
from tests.bookings.desktop_sessions.steps import answer, calls_to, session_of

pytestmark = pytest.mark.django_db


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


def test_who_comes_opens_the_door_where_no_worker_was(desktop, booking, client, researcher, at):
    at(1)
    answer(desktop)
    client.force_login(researcher)
    assert session_of(booking).state == SessionState.SCHEDULED
    told = client.post(f"/en/sessions/{booking.ref}/ticket/")
    assert (told.status_code, session_of(booking).state) == (200, SessionState.LIVE)
