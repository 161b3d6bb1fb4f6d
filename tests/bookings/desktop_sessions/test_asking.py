"""Desktops are asked by workers, one at a time; what they answer wakes the sessions that wait."""

import pytest
from django.utils import timezone

from bookings.actions import probing
from bookings.actions.session import advance_session
from bookings.enums import SessionState
from bookings.models import Session
from instruments import actions as laboratory
from instruments.actions.desktop import note_answer
from instruments.models import Desktop
from tests.bookings.desktop_sessions.steps import answer, joined, session_of
from tests.factories.bookings import BookingFactory

pytestmark = pytest.mark.django_db


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
