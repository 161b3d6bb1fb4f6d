"""Who holds control: one person at a time, whoever clicks when."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from bookings.actions.room import control
from bookings.company import company_of
from bookings.enums import Leaving, Part, SessionState
from bookings.models import Attendance, Booking, Session
from bookings.presence import controller_at, standing_of
from bookings.rules import holds, may_control, may_watch, takes_part
from instruments.enums import AccessMode
from portal.audit.actions import history_of
from portal.core.errors import Forbidden, Refused
from tests.bookings.test_races import all_at_once
from tests.factories.accounts import UserFactory
from tests.factories.bookings import BookingFactory

pytestmark = pytest.mark.django_db
CAST = ["researcher", "focal_point", "operator", "staff", "donor", "stranger_operator", "stranger_focal_point"]


@pytest.fixture
def colleague(db):
    return UserFactory(name="Chidi Colleague")


@pytest.fixture
def booking(award, researcher, colleague):
    """A session that has been live for ten minutes, of two researchers."""
    start = timezone.now() - timedelta(minutes=10)
    return BookingFactory(
        award=award, start=start, participants=[researcher, colleague], session__state=SessionState.LIVE
    )


def come(booking, *people, since=None):
    """Each opens the screen now."""
    now = timezone.now()
    return [
        Attendance.objects.create(
            session=booking.session, user=person, part=Part.RESEARCHER, relay="r1", joined_at=since or now, seen_at=now
        )
        for person in people
    ]


def leave(line, moment):
    line.left_at, line.left_why = moment, Leaving.LOST
    line.save()


def holder(booking):
    return Session.objects.get(booking=booking).controller


def verbs(booking):
    return [entry.verb for entry in reversed(history_of(booking.session))]


def refused(deed, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        deed(*args, **kwargs)
    return refusal.value.codes[0]


def test_the_first_of_those_who_take_part_gets_it_and_operators_do_not(booking, researcher, operator, colleague):
    come(booking, operator, researcher, colleague)
    control.pick_up_control(booking.session, operator, takes_part=False)
    assert holder(booking) is None
    control.pick_up_control(booking.session, researcher, takes_part=True)
    control.pick_up_control(booking.session, colleague, takes_part=True)
    assert holder(booking) == researcher
    assert verbs(booking) == ["get_control"]


def test_it_is_asked_for_and_handed_over(booking, researcher, colleague):
    come(booking, researcher, colleague)
    control.ask_control(booking, by=researcher)
    assert holder(booking) == researcher
    control.ask_control(booking, by=colleague)
    control.ask_control(booking, by=colleague)
    assert holder(booking) == researcher
    control.hand_over(booking, colleague, by=researcher)
    assert holder(booking) == colleague
    assert not Attendance.objects.filter(asks_at__isnull=False).exists()
    assert verbs(booking) == ["get_control", "ask_control", "hand_over"]
    entry = history_of(booking.session)[0]
    assert (entry.by, entry.details) == (researcher, {"had": researcher.pk, "has": colleague.pk})


def test_only_its_holder_or_an_operator_hands_it_over(booking, researcher, colleague, operator):
    come(booking, researcher, colleague)
    control.ask_control(booking, by=researcher)
    assert refused(control.hand_over, booking, colleague, by=colleague) == "not_yours"
    control.hand_over(booking, colleague, by=operator)
    assert holder(booking) == colleague


def test_it_goes_to_nobody_who_only_watches_or_is_away(booking, researcher, colleague, focal_point, staff):
    come(booking, researcher, focal_point, staff)
    control.ask_control(booking, by=researcher)
    assert refused(control.hand_over, booking, focal_point, by=researcher) == "not_theirs"
    assert refused(control.hand_over, booking, staff, by=researcher) == "not_theirs"
    assert refused(control.hand_over, booking, colleague, by=researcher) == "not_here"
    assert refused(control.ask_control, booking, by=colleague) == "not_here"
    assert holder(booking) == researcher


def test_let_go_it_goes_to_who_asked_first(booking, researcher, colleague, operator):
    come(booking, researcher, colleague, operator)
    control.ask_control(booking, by=researcher)
    control.ask_control(booking, by=operator)
    control.ask_control(booking, by=colleague)
    control.release_control(booking, by=colleague)
    assert holder(booking) == researcher
    control.release_control(booking, by=researcher)
    assert holder(booking) == operator
    control.release_control(booking, by=operator)
    control.release_control(booking, by=colleague)
    assert holder(booking) is None


def test_who_asked_and_may_no_longer_take_part_does_not_get_it(booking, researcher, colleague):
    come(booking, researcher, colleague)
    control.ask_control(booking, by=researcher)
    control.ask_control(booking, by=colleague)
    booking.participants.remove(colleague)
    control.release_control(booking, by=researcher)
    assert holder(booking) is None


def test_an_operator_steps_in_at_any_time(booking, researcher, operator, staff):
    come(booking, researcher)
    control.ask_control(booking, by=researcher)
    assert refused(control.take_control, booking, by=operator) == "not_here"
    come(booking, operator)
    control.take_control(booking, by=operator)
    control.take_control(booking, by=operator)
    assert holder(booking) == operator
    assert verbs(booking) == ["get_control", "take_control"]
    for person in (researcher, staff):
        with pytest.raises(Forbidden):
            control.take_control(booking, by=person)


def test_a_dropped_line_keeps_it_for_three_minutes(booking, researcher, colleague, time_machine):
    lines = come(booking, researcher, colleague)
    control.ask_control(booking, by=researcher)
    time_machine.move_to(timezone.now(), tick=False)
    lost_at = timezone.now()
    leave(lines[0], lost_at)
    session = Session.objects.get(booking=booking)
    control.drop_control(session, researcher, at=lost_at)
    control.drop_control(session, researcher, at=lost_at)
    assert (holder(booking), verbs(booking)) == (researcher, ["get_control", "drop_control"])

    time_machine.shift(timedelta(seconds=179))
    Attendance.objects.update(seen_at=timezone.now())
    assert control.free_lost_control() == 0
    control.ask_control(booking, by=colleague)
    assert holder(booking) == researcher

    time_machine.shift(timedelta(seconds=1))
    assert control.free_lost_control() == 1
    assert control.free_lost_control() == 0
    assert holder(booking) == colleague


def test_without_any_tick_it_is_free_after_three_minutes(booking, researcher, colleague):
    come(booking, colleague)
    Session.objects.update(controller=researcher, control_lost_at=timezone.now() - timedelta(minutes=3))
    assert controller_at(Session.objects.get(), timezone.now()) is None
    control.ask_control(booking, by=colleague)
    assert holder(booking) == colleague
    assert Session.objects.get().control_lost_at is None


def test_who_comes_back_in_time_still_holds_it(booking, researcher):
    Session.objects.update(controller=researcher, control_lost_at=timezone.now() - timedelta(minutes=2))
    come(booking, researcher)
    control.pick_up_control(Session.objects.get(), researcher, takes_part=True)
    assert Session.objects.get().control_lost_at is None
    assert (holder(booking), verbs(booking)) == (researcher, ["resume_control"])


def test_a_second_line_of_the_holder_keeps_it_and_who_is_put_out_keeps_nothing(booking, researcher, colleague):
    lines = come(booking, researcher, researcher)
    control.ask_control(booking, by=researcher)
    now = timezone.now()
    leave(lines[0], now)
    control.drop_control(Session.objects.get(), researcher, at=now)
    assert Session.objects.get().control_lost_at is None
    leave(lines[1], now)
    control.drop_control(Session.objects.get(), colleague, at=now, keep=False)
    assert holder(booking) == researcher
    control.drop_control(Session.objects.get(), researcher, at=now, keep=False)
    assert holder(booking) is None


@pytest.mark.parametrize("state", [state for state in SessionState if state != SessionState.LIVE])
def test_only_while_the_door_is_open(booking, researcher, operator, state):
    come(booking, researcher, operator)
    Session.objects.update(state=state)
    for deed, person in ((control.ask_control, researcher), (control.release_control, researcher)):
        assert refused(deed, booking, by=person) == "not_open"
    assert refused(control.take_control, booking, by=operator) == "not_open"
    assert refused(control.hand_over, booking, researcher, by=operator) == "not_open"


def test_where_only_the_operator_drives_nobody_holds_control(booking, researcher, operator):
    booking.instrument.access_mode = AccessMode.OBSERVED
    booking.instrument.save()
    come(booking, researcher, operator)
    for deed, person in ((control.ask_control, researcher), (control.take_control, operator)):
        with pytest.raises(Forbidden):
            deed(booking, by=person)


@pytest.mark.parametrize("who", ["focal_point", "staff", "stranger_researcher", "stranger_operator"])
def test_who_does_not_take_part_asks_in_vain(request, booking, researcher, who):
    person = request.getfixturevalue(who)
    come(booking, person)
    for deed in (control.ask_control, control.release_control, control.take_control):
        with pytest.raises(Forbidden):
            deed(booking, by=person)
    with pytest.raises(Forbidden):
        control.hand_over(booking, researcher, by=person)
    assert (holder(booking), verbs(booking)) == (None, [])


@pytest.mark.parametrize("mode", [AccessMode.REMOTE_CONTROL, AccessMode.OBSERVED])
def test_one_statement_says_of_all_what_the_rules_say_of_each(
    request, booking, colleague, mode, django_assert_num_queries
):
    booking.instrument.access_mode = mode
    booking.instrument.save()
    guest, former, unverified = (UserFactory() for _ in range(3))
    for user, is_verified in ((guest, True), (former, True), (unverified, False)):
        user.emailaddress_set.create(email=user.email, verified=is_verified, primary=True)
        booking.session.guests.create(
            email=user.email, invited_by=colleague, withdrawn_at=timezone.now() if user == former else None
        )
    people = [*(request.getfixturevalue(name) for name in CAST), colleague, guest, former, unverified]
    with django_assert_num_queries(1):
        found = standing_of((booking.session.pk, person.pk) for person in people)
    assert len(found) == len(people)
    for person in people:
        admission = found[booking.session.pk, person.pk]
        said = (admission.may_watch, admission.may_control, admission.takes_part)
        part = holds(person, booking) or takes_part(person, booking)
        assert said == (may_watch(person, booking), may_control(person, booking), part), person
        assert admission.is_open(timezone.now())
    assert found[booking.session.pk, guest.pk].may_watch
    assert standing_of([]) == {}
    assert not AnonymousUser().has_perm("bookings.watch_session", booking)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_at_once_one_holds_it(booking):
    people = [UserFactory() for _ in range(8)]
    booking.participants.set(people)
    come(booking, *people)
    outcomes = all_at_once(lambda person: control.ask_control(booking, by=person), people, threads=8)
    assert all(isinstance(outcome, Session) for outcome in outcomes)
    assert holder(booking) in people
    assert sorted(verbs(booking)) == ["ask_control"] * 7 + ["get_control"]


@pytest.mark.django_db(transaction=True)
def test_handing_over_taking_and_letting_go_at_once_leave_one_holder(booking, researcher, colleague, operator):
    come(booking, researcher, colleague, operator)
    control.ask_control(booking, by=researcher)
    deeds = [
        lambda: control.hand_over(booking, colleague, by=researcher),
        lambda: control.take_control(booking, by=operator),
        lambda: control.release_control(booking, by=researcher),
        lambda: control.ask_control(booking, by=colleague),
    ]
    outcomes = all_at_once(lambda deed: deed(), deeds, threads=4)
    assert all(isinstance(outcome, Session | Refused) for outcome in outcomes)
    given = [entry for entry in reversed(history_of(booking.session)) if "has" in entry.details]
    last = history_of(booking.session).exclude(verb__in=["ask_control"]).first()
    assert Session.objects.get().controller_id == last.details.get("has")
    assert given


def test_the_end_of_a_session_drops_no_line_and_leaves_nobody_in_control(booking, researcher):
    (line,) = come(booking, researcher)
    control.ask_control(booking, by=researcher)
    now = timezone.now()
    assert [person.has_control for person in company_of(booking_again(booking), now) if person.user == researcher] == [
        True
    ]
    Session.objects.update(state=SessionState.ENDED)
    leave(line, now)
    control.drop_control(Session.objects.get(), researcher, at=now)
    assert (Session.objects.get().control_lost_at, verbs(booking)) == (None, ["get_control"])
    assert not any(person.has_control for person in company_of(booking_again(booking), now))


def booking_again(booking):
    """As another request reads it."""
    return Booking.objects.get(pk=booking.pk)
