"""Real Celery workers move real sessions along from the rows; a dead worker and an emptied broker lose none."""

import time
from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone

from bookings.enums import BookingState, SessionState
from bookings.models import Booking, Session
from tests.factories.bookings import BookingFactory
from tests.factories.calls import AwardFactory
from tests.factories.instruments import InstrumentFactory

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]
PATIENCE = 150


def eventually(question):
    until = time.monotonic() + PATIENCE
    while not question():
        if time.monotonic() > until:
            return False
        time.sleep(0.2)
    return True


def state_of(booking):
    return Session.objects.get(booking=booking).state


def tick_until(booking, state):
    """What beat does: send the tick again and again."""

    def asked():
        current_app.send_task("bookings.tick_sessions")
        time.sleep(0.5)
        return state_of(booking) == state

    return eventually(asked)


def shift(booking, **by):
    """Let time pass for this booking: workers have no test clock."""
    change = timedelta(**by)
    session = Session.objects.get(booking=booking)
    Session.objects.filter(booking=booking).update(
        starts_at=session.starts_at - change, ends_at=session.ends_at - change
    )
    row = Booking.objects.get(pk=booking.pk)
    row.period = row.occupied = type(row.period)(row.start - change, row.end - change)
    row.save()


@pytest.fixture
def booking(db):
    instrument = InstrumentFactory(hours=[(day, 0, 1440) for day in range(7)])
    start = timezone.now() + timedelta(minutes=10)
    return BookingFactory(award=AwardFactory(instrument=instrument), start=start, minutes=60)


def test_workers_prepare_a_session_and_end_it(celery_worker_process, booking):
    assert tick_until(booking, SessionState.READY)
    shift(booking, minutes=15)
    Session.objects.filter(booking=booking).update(state=SessionState.LIVE, opened_at=timezone.now())
    shift(booking, minutes=60)
    assert tick_until(booking, SessionState.ENDED)
    assert Booking.objects.get(pk=booking.pk).state == BookingState.COMPLETED


def test_a_dead_worker_and_an_emptied_broker_lose_no_session(celery_worker_process, broker, booking):
    current_app.send_task("bookings.tick_sessions")
    celery_worker_process.kill()
    broker.flushdb()
    celery_worker_process.start()
    assert tick_until(booking, SessionState.READY)
