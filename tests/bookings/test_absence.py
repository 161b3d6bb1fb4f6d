"""A session that needs an operator and has none two hours before: the laboratory and staff hear of it, once."""

from datetime import timedelta

import pytest

from bookings.actions.booking import book_time
from bookings.actions.changes import move_booking
from bookings.actions.checkin import check_in
from bookings.actions.clock import tell_of_absent_operators
from bookings.slots import Span
from instruments.enums import AccessMode
from portal.notifications.models import Notification

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(instrument, award, monday, researcher, operator, staff):
    instrument.policy.needs_operator = True
    instrument.policy.save()
    return book_time(instrument, monday, award, by=researcher)


def told() -> list[str]:
    return sorted(Notification.objects.filter(kind="bookings.no_operator").values_list("address", flat=True))


def before(time_machine, moment, **ahead) -> None:
    time_machine.move_to(moment - timedelta(**ahead), tick=False)


def test_operators_and_staff_hear_of_it_once(booking, monday, operator, staff, time_machine):
    before(time_machine, monday.start, hours=2, minutes=1)
    assert (tell_of_absent_operators(), told()) == (0, [])
    before(time_machine, monday.start, hours=2)
    assert tell_of_absent_operators() == 1
    assert told() == sorted([operator.email, staff.email])
    assert (tell_of_absent_operators(), len(told())) == (0, 2)


def test_nobody_hears_where_an_operator_checked_in(booking, monday, operator, time_machine):
    before(time_machine, monday.start, hours=5)
    check_in(booking, by=operator)
    before(time_machine, monday.start, hours=1)
    assert (tell_of_absent_operators(), told()) == (0, [])


@pytest.mark.parametrize(("mode", "count"), [(AccessMode.OBSERVED, 1), (AccessMode.REMOTE_CONTROL, 0)])
def test_an_observed_session_needs_an_operator_whatever_the_policy_says(
    booking, instrument, monday, time_machine, mode, count
):
    instrument.policy.needs_operator = False
    instrument.policy.save()
    instrument.access_mode = mode
    instrument.save()
    before(time_machine, monday.start, hours=1)
    assert tell_of_absent_operators() == count


def test_who_books_at_short_notice_leaves_the_laboratory_half_an_hour(
    instrument, award, monday, researcher, operator, time_machine
):
    instrument.policy.needs_operator = True
    instrument.policy.save()
    before(time_machine, monday.start, minutes=90)
    book_time(instrument, monday, award, by=researcher)
    assert tell_of_absent_operators() == 0
    before(time_machine, monday.start, minutes=60)
    assert tell_of_absent_operators() == 1


def test_a_moved_session_needs_somebody_anew(booking, monday, researcher, operator, time_machine):
    before(time_machine, monday.start, hours=20)
    check_in(booking, by=operator)
    moved = move_booking(booking, Span(monday.start + timedelta(days=1), monday.end + timedelta(days=1)), by=researcher)
    assert (moved.session.operator, moved.session.checked_in_at) == (None, None)
    before(time_machine, moved.start, hours=1)
    assert tell_of_absent_operators() == 1
