"""Who is away when something is said in a session hears of it, once a talk."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.actions.room.chat import say
from bookings.actions.room.guests import invite_guest
from bookings.enums import Part, SessionState
from bookings.models import Attendance, Session
from portal.accounts.enums import Role
from portal.notifications.models import Notification
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.bookings import BookingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague():
    return UserFactory(email="colleague@example.org")


@pytest.fixture
def booking(award, researcher, colleague, time_machine):
    """A live session in which the award's holder and a colleague take part."""
    time_machine.move_to(timezone.now(), tick=False)
    start = timezone.now() - timedelta(minutes=10)
    return BookingFactory(
        award=award, start=start, participants=[researcher, colleague], session__state=SessionState.LIVE
    )


def told():
    rows = Notification.objects.filter(kind="bookings.said").order_by("pk")
    return [row.address for row in rows]


def come(booking, person, ago=timedelta(0)):
    moment = timezone.now() - ago
    Attendance.objects.create(
        session=booking.session, user=person, part=Part.RESEARCHER, relay="r1", joined_at=moment, seen_at=moment
    )


def later(time_machine, **span):
    time_machine.move_to(timezone.now() + timedelta(**span), tick=False)


def test_who_is_away_is_told_and_neither_the_author_nor_who_is_there(booking, researcher, colleague, operator):
    invite_guest(booking, "guest@example.org", by=researcher)
    come(booking, colleague)
    say(booking, "The crystal is mounted.", by=researcher)
    assert told() == [operator.email]
    message = Notification.objects.get(kind="bookings.said")
    assert message.data == {"chatmessage": booking.session.messages.get().pk}


def test_a_line_whose_relay_is_gone_is_nobody(booking, researcher, colleague):
    come(booking, colleague, ago=Attendance.GONE_AFTER)
    say(booking, "Are you there?", by=researcher)
    assert colleague.email in told()


def test_one_talk_is_told_once_and_after_a_quiet_half_hour_again(booking, researcher, colleague, time_machine):
    say(booking, "One", by=researcher)
    for text in ("Two", "Three"):
        later(time_machine, minutes=29, seconds=59)
        say(booking, text, by=researcher)
    assert told().count(colleague.email) == 1
    later(time_machine, minutes=30)
    say(booking, "Four", by=researcher)
    assert told().count(colleague.email) == 2


def test_who_leaves_in_the_middle_of_a_talk_is_told_of_the_rest(booking, researcher, colleague, time_machine):
    come(booking, colleague)
    say(booking, "One", by=researcher)
    assert colleague.email not in told()
    later(time_machine, minutes=5)
    say(booking, "Two", by=researcher)
    assert told().count(colleague.email) == 1


def test_the_operator_who_checked_in_hears_alone_of_the_laboratory(booking, researcher, operator, laboratory):
    other = MembershipFactory(organisation=laboratory, role=Role.OPERATOR).user
    say(booking, "Anybody?", by=researcher)
    assert {operator.email, other.email} <= set(told())
    Notification.objects.all().delete()
    Session.objects.update(operator=other)
    say(booking, "You?", by=researcher)
    assert other.email in told()
    assert operator.email not in told()


def test_accounts_that_are_closed_hear_nothing(booking, researcher, colleague):
    colleague.is_active = False
    colleague.save()
    say(booking, "One", by=researcher)
    assert colleague.email not in told()
