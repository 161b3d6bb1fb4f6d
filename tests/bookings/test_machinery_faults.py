"""Two beats, no beat, killed workers, a database that drops everybody: sessions begin and end as their rows say."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from subprocess import Popen

import pytest
from celery import current_app
from django.db import connection
from django.utils import timezone

from bookings.actions import clock, probing
from bookings.actions.booking import book_time
from bookings.actions.session import advance_session
from bookings.actions.standby import call_standby, expire_calls, join_standby
from bookings.door import door_is_open
from bookings.enums import BookingState, SessionState, StandbyState
from bookings.models import Booking, Session, StandbyEntry
from bookings.slots import Span
from calls.models import LedgerEntry
from instruments.actions.desktop import note_answer
from instruments.models import Desktop
from portal.audit.actions import history_of
from portal.embedded.addresses import database_url
from portal.embedded.process import end, spawn
from portal.notifications.models import Notification
from tests.bookings.test_worker import eventually, shift
from tests.factories.accounts import MembershipFactory
from tests.factories.bookings import BookingFactory
from tests.factories.calls import AwardFactory
from tests.factories.instruments import InstrumentFactory
from tests.support.engines import postgres
from tests.support.environment import RUN
from tests.support.machines import CeleryWorker

STEPS = ["queue", "prepare", "open", "end"]
NETWORKS = {"DESKTOP_ALLOWED_NETWORKS": "127.0.0.0/8"}


def verbs(row: Session | Booking) -> list[str]:
    return [entry.verb for entry in reversed(history_of(row))]


def paid(booking: Booking) -> int:
    return -sum(LedgerEntry.objects.filter(booking=booking.ref).values_list("minutes", flat=True))


class TestRealProcesses:
    """Real workers and beats, a real VNC server."""

    pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

    @pytest.fixture
    def workers(self, transactional_db: None, broker) -> Iterator[list[CeleryWorker]]:
        both = [CeleryWorker(f"machinery{number}", concurrency=1, **NETWORKS) for number in (1, 2)]
        yield both
        for worker in both:
            worker.stop()

    @pytest.fixture
    def start_beat(self, transactional_db: None, broker) -> Iterator[Callable[[], Popen[bytes]]]:
        started: list[Popen[bytes]] = []

        def start() -> Popen[bytes]:
            name = RUN / f"beat-{os.getpid()}-{len(started)}"
            command = [sys.executable, "-m", "celery", "--app", "portal", "beat", "--pidfile=", "--schedule", str(name)]
            url = database_url(postgres.sockets, connection.settings_dict["NAME"])
            env = {**os.environ, "DATABASE_URL": url}
            started.append(spawn(command, log=name.with_suffix(".log"), env=env, death_signal=signal.SIGTERM))
            return started[-1]

        yield start
        for beat in started:
            end(beat, signal.SIGTERM, patience=10)

    @pytest.fixture
    def booking(self, transactional_db: None, vnc) -> Booking:
        """An hour that was booked and paid, on a unit with a desktop; it begins in ten minutes."""
        policy = {"step": 5, "shortest": 5}
        instrument = InstrumentFactory(hours=[(day, 0, 1440) for day in range(7)], policy=policy)
        desktop = Desktop(unit=instrument.units.get(), route="direct", host="127.0.0.1", port=vnc.port)
        desktop.password = vnc.password
        desktop.save()
        award = AwardFactory(instrument=instrument)
        MembershipFactory(user=award.holder, organisation=award.organisation, role="researcher")
        start = timezone.now().replace(second=0, microsecond=0) + timedelta(minutes=10)
        start -= timedelta(minutes=start.minute % 5)
        return book_time(instrument, Span(start, start + timedelta(hours=1)), award, by=award.holder)

    def test_two_beats_and_a_worker_that_is_killed_in_mid_session(self, workers, start_beat, booking) -> None:
        for worker in workers:
            worker.start()
        beats = [start_beat(), start_beat()]
        assert eventually(lambda: state_of(booking) == SessionState.READY)
        shift(booking, seconds=(booking.start - timezone.now()).total_seconds())
        assert eventually(lambda: state_of(booking) == SessionState.LIVE)
        Session.objects.filter(booking=booking).update(joined_at=timezone.now())
        workers[0].kill()
        end(beats[0], signal.SIGKILL, patience=5)
        shift(booking, minutes=60)
        assert eventually(lambda: state_of(booking) == SessionState.ENDED)
        workers[0].start()
        time.sleep(6)  # another tick, with nothing left to do
        session = Session.objects.get(booking=booking)
        assert (verbs(session), session.closed_at) == (STEPS, session.ends_at)
        booking.refresh_from_db()
        assert (booking.state, paid(booking)) == (BookingState.COMPLETED, 60)

    def test_a_database_that_drops_everybody_while_it_begins(self, workers, start_beat, booking) -> None:
        workers[0].start()
        start_beat()
        until = time.monotonic() + 8
        while time.monotonic() < until:
            drop_everybody_else()
            time.sleep(0.3)
        assert eventually(lambda: state_of(booking) == SessionState.READY)
        session = Session.objects.get(booking=booking)
        assert verbs(session) == ["queue", "prepare"]
        assert Notification.objects.filter(kind="bookings.not_answering").count() == 0

    def test_a_probe_that_hangs_does_not_keep_the_next_session_waiting(self, workers, booking) -> None:
        """The worker that asks is killed in the middle; another one asks again by itself."""
        for worker in workers:
            worker.start()
        current_app.send_task("bookings.tick_sessions")
        current_app.send_task("bookings.tick_desktops")
        workers[0].kill()

        def is_ready() -> bool:
            Desktop.objects.filter(asked_at__isnull=False, answered_at=None).update(asked_at=None)  # as if time passed
            current_app.send_task("bookings.tick_sessions")
            current_app.send_task("bookings.tick_desktops")
            time.sleep(0.5)
            return state_of(booking) == SessionState.READY

        assert eventually(is_ready)


class TestClock:
    """The same by a clock that jumps: what ten minutes without anybody come to."""

    pytestmark = pytest.mark.django_db

    @pytest.fixture
    def booking(self, instrument, award, monday, researcher) -> Booking:
        Desktop.objects.create(unit=instrument.units.get(), route="practice")
        return book_time(instrument, monday, award, by=researcher)

    @pytest.fixture
    def at(self, time_machine, monday) -> Callable[[float], None]:
        return lambda minutes: time_machine.move_to(monday.start + timedelta(minutes=minutes), tick=False)

    def test_ten_minutes_without_a_beat_before_the_start(self, booking, at) -> None:
        at(-14)
        tick(booking)
        at(-4)
        tick(booking)
        at(0)
        tick(booking)
        assert state_of(booking) == SessionState.LIVE

    def test_ten_minutes_without_a_beat_over_the_start(self, booking, at) -> None:
        at(-1)
        tick(booking)
        at(9)
        tick(booking)
        assert state_of(booking) == SessionState.LIVE
        at(38)
        tick(booking)
        assert state_of(booking) == SessionState.LIVE  # who comes late to a late door is not late
        at(39)
        tick(booking)
        assert state_of(booking) == SessionState.MISSED

    def test_ten_minutes_without_a_beat_over_the_end(self, booking, award, at) -> None:
        at(-1)
        tick(booking)
        at(0)
        tick(booking)
        Session.objects.filter(booking=booking).update(joined_at=timezone.now())
        at(120)
        session = Session.objects.get(booking=booking)
        assert not door_is_open(session, timezone.now())
        at(125)
        tick(booking)
        session.refresh_from_db()
        assert (session.state, session.closed_at) == (SessionState.ENDED, session.ends_at)
        assert paid(booking) == booking.minutes

    def test_ten_minutes_without_a_beat_in_a_queue(self, instrument, award, institute, monday, time_machine) -> None:
        """Who was called and heard of it late still loses the time to the next: the row says until when, no timer."""
        instrument.policy.has_standby = True
        instrument.policy.save()
        time_machine.move_to(monday.start - timedelta(hours=2), tick=False)
        other = AwardFactory(
            holder=MembershipFactory(organisation=institute, role="researcher").user,
            organisation=institute,
            instrument=instrument,
        )
        until = timezone.now() + timedelta(hours=9)
        first, second = (join_standby(one, 120, until, by=one.holder) for one in (award, other))
        assert call_standby() == 1
        time_machine.move_to(timezone.now() + timedelta(minutes=20), tick=False)
        assert [expire_calls() + call_standby() for _ in range(3)] == [2, 0, 0]
        states = dict(StandbyEntry.objects.values_list("pk", "state"))
        assert states == {first.pk: StandbyState.PASSED, second.pk: StandbyState.CALLED}

    def test_the_tick_finds_any_number_in_two_statements(
        self, instrument, award, monday, at, django_assert_num_queries
    ) -> None:
        for number in range(3):
            unit = instrument.units.create(name=f"Further {number}")
            BookingFactory(award=award, start=monday.start, unit=unit)
        at(-10)
        with django_assert_num_queries(2):  # sessions; mail-in work that is over
            assert clock.wake_due_sessions() == 3


def state_of(booking: Booking) -> str:
    return Session.objects.get(booking=booking).state


def tick(booking: Booking) -> None:
    """What beat and the workers do, the instrument answering."""
    advance_session(booking)
    if probing.wake_probes():
        note_answer(Desktop.objects.get(unit=booking.unit_id), "")
    advance_session(booking)


def drop_everybody_else() -> None:
    with connection.cursor() as cursor:
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        cursor.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
