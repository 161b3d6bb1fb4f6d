"""Lines to a desktop as rows: who came first, who is there, who left and why, and what becomes of control."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone

from bookings import news
from bookings.actions import attendance
from bookings.actions.attendance import MOST_OBSERVERS, forget_orphans, join_line, leave_line, see_lines
from bookings.enums import Leaving, Part, SessionState
from bookings.models import Attendance, Booking, Session
from instruments.enums import AccessMode
from portal.audit.actions import history_of
from portal.core.errors import Refused
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(live_booking: Booking) -> Session:
    return live_booking.session


def join(session: Session, person, part: Part, relay: str = "one") -> Attendance:
    return join_line(session, by=person, part=part, relay=relay)


def test_the_first_of_those_who_take_part_gets_control_and_keeps_it(session, researcher) -> None:
    first = join(session, researcher, Part.RESEARCHER)
    session.refresh_from_db()
    assert (session.controller, session.joined_at) == (researcher, first.joined_at)
    assert [(entry.verb, entry.by) for entry in history_of(session)] == [("get_control", researcher)]

    colleague = UserFactory()
    join(session, colleague, Part.RESEARCHER)
    session.refresh_from_db()
    assert (session.controller, session.joined_at) == (researcher, first.joined_at)


def test_operators_and_observers_neither_get_control_nor_keep_a_session_from_being_missed(
    session, operator, staff
) -> None:
    join(session, operator, Part.OPERATOR)
    join(session, staff, Part.OBSERVER)
    session.refresh_from_db()
    assert (session.controller, session.joined_at) == (None, None)
    assert Attendance.objects.open().count() == 2


def test_nobody_gets_control_of_what_is_only_observed(session, researcher) -> None:
    type(session.booking.instrument).objects.update(access_mode=AccessMode.OBSERVED)
    join(session, researcher, Part.RESEARCHER)
    session.refresh_from_db()
    assert session.controller is None
    assert session.joined_at is not None


def test_a_second_window_ends_the_first_and_nothing_is_lost(session, researcher) -> None:
    old = join(session, researcher, Part.RESEARCHER)
    new = join(session, researcher, Part.RESEARCHER, "two")
    old.refresh_from_db()
    assert (old.left_why, old.left_at) == (Leaving.REPLACED, new.joined_at)
    leave_line(old.pk, Leaving.LEFT)  # its relay says so too, later
    old.refresh_from_db()
    session.refresh_from_db()
    assert (old.left_why, session.control_lost_at) == (Leaving.REPLACED, None)


def test_who_comes_back_after_the_relay_died_was_lost_and_not_replaced(session, researcher) -> None:
    old = join(session, researcher, Part.RESEARCHER)
    seen = timezone.now() - Attendance.GONE_AFTER
    Attendance.objects.update(seen_at=seen)
    join(session, researcher, Part.RESEARCHER, "two")
    old.refresh_from_db()
    assert (old.left_why, old.left_at) == (Leaving.LOST, seen)


@pytest.mark.parametrize("why", [Leaving.LEFT, Leaving.LOST, Leaving.IDLE, Leaving.RESTART, Leaving.SIGNED_OUT])
def test_control_waits_for_whose_line_ended(session, researcher, why) -> None:
    line = join(session, researcher, Part.RESEARCHER)
    leave_line(line.pk, why)
    line.refresh_from_db()
    session.refresh_from_db()
    assert line.left_why == why
    assert (session.controller, session.control_lost_at) == (researcher, line.left_at)
    join(session, researcher, Part.RESEARCHER)
    session.refresh_from_db()
    assert (session.controller, session.control_lost_at) == (researcher, None)


def test_who_may_no_longer_take_part_has_lost_it_at_once(session, researcher) -> None:
    leave_line(join(session, researcher, Part.RESEARCHER).pk, Leaving.REMOVED)
    session.refresh_from_db()
    assert (session.controller, session.control_lost_at) == (None, None)


def test_leaving_is_told_once_and_of_nothing_never(session, researcher) -> None:
    line = join(session, researcher, Part.RESEARCHER)
    leave_line(line.pk, Leaving.LEFT)
    leave_line(line.pk, Leaving.SLOW)
    line.refresh_from_db()
    assert line.left_why == Leaving.LEFT
    leave_line(line.pk + 1000, Leaving.LEFT)


def test_ten_observe_at_once(session, staff) -> None:
    people = [UserFactory() for _ in range(MOST_OBSERVERS)]
    lines = [join(session, person, Part.OBSERVER) for person in people]
    with pytest.raises(Refused) as refused:
        join(session, staff, Part.OBSERVER)
    assert refused.value.codes == ["crowded"]
    join(session, people[0], Part.OBSERVER)  # in another window
    leave_line(lines[1].pk, Leaving.LEFT)
    join(session, staff, Part.OBSERVER)


def test_the_dead_take_no_place(session, staff) -> None:
    for person in [UserFactory() for _ in range(MOST_OBSERVERS)]:
        join(session, person, Part.OBSERVER)
    Attendance.objects.update(seen_at=timezone.now() - Attendance.GONE_AFTER)
    join(session, staff, Part.OBSERVER)


def test_a_relay_speaks_for_its_own_lines_that_are_open(session, researcher, staff) -> None:
    mine, other = join(session, researcher, Part.RESEARCHER, "one"), join(session, staff, Part.OBSERVER, "two")
    long_ago = timezone.now() - timedelta(minutes=5)
    Attendance.objects.update(seen_at=long_ago)
    assert see_lines([mine.pk, other.pk], relay="one") == 1
    assert list(Attendance.objects.orphaned_at(timezone.now())) == [other]
    leave_line(mine.pk, Leaving.LEFT)
    assert see_lines([mine.pk], relay="one") == 0


def test_orphans_are_closed_when_they_were_last_seen(session, researcher, staff) -> None:
    gone, here = join(session, researcher, Part.RESEARCHER), join(session, staff, Part.OBSERVER)
    seen = timezone.now() - timedelta(minutes=2)
    Attendance.objects.filter(pk=gone.pk).update(seen_at=seen)
    assert forget_orphans() == 1
    for row in (gone, here, session):
        row.refresh_from_db()
    assert (gone.left_at, gone.left_why, here.left_at) == (seen, Leaving.LOST, None)
    assert (session.controller, session.control_lost_at, session.state) == (researcher, seen, SessionState.LIVE)
    assert forget_orphans() == 0


def test_relays_hear_of_who_comes_and_goes(
    session, researcher, monkeypatch, django_capture_on_commit_callbacks
) -> None:
    told: list[dict[str, int]] = []
    monkeypatch.setattr(news, "_publish", told.append)
    with django_capture_on_commit_callbacks(execute=True):
        line = join(session, researcher, Part.RESEARCHER)
        leave_line(line.pk, Leaving.LEFT)
    assert told
    assert all(word == {"session": session.pk} for word in told)


def test_joining_is_whole_or_not_at_all(session, researcher, monkeypatch) -> None:
    def fail(*args: object, **fields: object) -> None:
        raise DatabaseError("control cannot be written")

    monkeypatch.setattr(attendance, "pick_up_control", fail)
    with pytest.raises(DatabaseError):
        join(session, researcher, Part.RESEARCHER)
    session.refresh_from_db()
    assert (session.joined_at, session.controller) == (None, None)
    assert Attendance.objects.count() == 0
