"""Those who wait on the spot are called in turn, have minutes to answer, and see an honest place."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.actions.changes import cancel_booking
from bookings.actions.standby import (
    accept_call,
    call_standby,
    end_waits,
    expire_calls,
    join_standby,
    leave_standby,
    remind_called,
)
from bookings.enums import BookingState, StandbyState
from bookings.models import Booking, Session, StandbyEntry
from bookings.queue import outlooks_of
from bookings.waiting import waiting_for
from instruments import actions as laboratory
from portal.accounts.enums import Role
from portal.audit.actions import history_of
from portal.core.errors import Forbidden, Refused
from portal.core.waiting import written
from portal.notifications.models import Notification
from tests.factories.accounts import MembershipFactory
from tests.factories.bookings import BookingFactory, StandbyEntryFactory
from tests.factories.calls import AwardFactory
from tests.support.promises import broken_promises

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def queue(instrument, monday, time_machine):
    """Monday, eight in the morning in Grenoble; the laboratory opens at nine (a winter's or a summer's eight UTC)."""
    instrument.policy.has_standby = True
    instrument.policy.notice = 1440  # it is for those who plan
    instrument.policy.save()
    time_machine.move_to(monday.start - 3 * HOUR, tick=False)


@pytest.fixture
def others(institute, instrument):
    """Awards of other people of the same institute."""

    def make():
        holder = MembershipFactory(organisation=institute, role=Role.RESEARCHER).user
        return AwardFactory(holder=holder, organisation=institute, instrument=instrument)

    return make


@pytest.fixture
def full(instrument, others, monday):
    """The whole day is booked: until twelve by one, then by another."""
    morning = BookingFactory(award=others(), start=monday.start - HOUR, minutes=240)
    afternoon = BookingFactory(award=others(), start=monday.start + 3 * HOUR, minutes=240)
    return morning, afternoon


def join(award, minutes=120, hours=12):
    return join_standby(award, minutes, timezone.now() + hours * HOUR, by=award.holder)


def fresh(entry):
    return StandbyEntry.objects.for_list().get(pk=entry.pk)


def kinds(user):
    return list(Notification.objects.filter(address=user.email).values_list("kind", flat=True))


def test_the_first_is_called_when_time_is_free_soon(award, others, researcher, time_machine):
    first, second = join(award), join(others())
    assert call_standby() == 0  # two hours before the laboratory opens nobody is woken
    time_machine.move_to(timezone.now() + 1.2 * HOUR, tick=False)
    assert call_standby() == 1
    called = fresh(first)
    assert (called.state, fresh(second).state) == (StandbyState.CALLED, StandbyState.WAITING)
    assert called.booking.state == BookingState.HELD
    assert called.booking.held_until == timezone.now() + timedelta(minutes=10)
    assert called.called_at == timezone.now()
    assert kinds(researcher) == ["bookings.standby_called"]
    assert call_standby() == 0
    award.refresh_from_db()
    assert award.balance_minutes == 600
    assert [row.url for row in written(waiting_for(researcher))] == [called.get_absolute_url()]


@pytest.fixture
def called(award, full, time_machine, monday):
    """In the queue, and then the morning's booking ends: called to time that begins at the next step."""
    entry = join(award)
    time_machine.move_to(monday.start - HOUR + timedelta(minutes=5), tick=False)
    assert call_standby() == 0
    Booking.objects.filter(pk=full[0].pk).update(state=BookingState.CANCELLED)
    Session.objects.filter(booking=full[0]).update(state="cancelled")
    assert call_standby() == 1
    return fresh(entry)


def test_accepting_debits_and_schedules(called, award, researcher):
    booking = accept_call(called, by=researcher)
    assert (booking.state, fresh(called).state) == (BookingState.CONFIRMED, StandbyState.SERVED)
    award.refresh_from_db()
    assert award.balance_minutes == 600 - 120
    assert Session.objects.get(booking=booking).starts_at == booking.start
    with pytest.raises(Refused) as refusal:
        accept_call(called, by=researcher)
    assert refusal.value.codes == ["offer_accepted"]
    assert [entry.verb for entry in history_of(called)] == ["serve", "call", "join"]


def test_who_does_not_answer_has_passed_and_the_next_is_called(called, others, researcher, time_machine):
    other = join(others(), minutes=60)
    time_machine.move_to(called.booking.held_until + timedelta(seconds=1), tick=False)
    with pytest.raises(Refused) as refusal:
        accept_call(called, by=researcher)
    assert refusal.value.codes == ["offer_expired"]
    assert "on the waiting list stays" not in str(refusal.value)
    assert (expire_calls(), expire_calls()) == (1, 0)
    assert fresh(called).state == StandbyState.PASSED
    assert "bookings.standby_passed" in kinds(researcher)
    assert call_standby() == 1
    assert fresh(other).state == StandbyState.CALLED
    assert list(broken_promises_of_calls()) == []


def broken_promises_of_calls():
    return (line for line in broken_promises() if "stand-by" in line or "held for nobody" in line)


def test_who_has_not_answered_by_half_time_is_reminded_once(called, researcher, time_machine):
    half = called.called_at + (called.booking.held_until - called.called_at) / 2
    time_machine.move_to(half - timedelta(seconds=1), tick=False)
    assert remind_called() == 0
    time_machine.move_to(half, tick=False)
    remind_called()
    remind_called()  # as after a restart
    assert kinds(researcher).count("bookings.standby_ending") == 1


def test_a_reminder_comes_in_time_and_while_there_is_a_call_or_not_at_all(called, researcher, time_machine):
    time_machine.move_to(called.booking.held_until - timedelta(seconds=119), tick=False)
    assert remind_called() == 0
    time_machine.move_to(called.booking.held_until - timedelta(seconds=120), tick=False)
    accept_call(called, by=researcher)
    assert remind_called() == 0
    assert "bookings.standby_ending" not in kinds(researcher)


def test_leaving_gives_the_time_to_the_next(called, others, researcher):
    other = join(others())
    leave_standby(called, by=researcher)
    assert fresh(called).state == StandbyState.LEFT
    assert fresh(called).booking.state == BookingState.CANCELLED
    assert call_standby() == 1
    assert fresh(other).state == StandbyState.CALLED
    with pytest.raises(Refused):
        leave_standby(called, by=researcher)


def test_giving_the_held_booking_up_is_leaving(called, researcher):
    cancel_booking(called.booking, by=researcher)
    assert fresh(called).state == StandbyState.LEFT


def test_a_closure_takes_the_time_back_and_the_place_stays(called, operator, monday):
    held = called.booking
    laboratory.add_closure(called.instrument, held.start, held.end, "A leak", by=operator)
    assert fresh(called).state == StandbyState.WAITING
    assert history_of(called)[0].verb == "wait_on"
    assert call_standby() == 0


def test_nobody_is_called_to_time_that_the_rules_refuse(award, others, time_machine):
    entry, other = join(award), join(others())
    award.balance_minutes = 0
    award.save()
    time_machine.move_to(timezone.now() + 1.2 * HOUR, tick=False)
    assert call_standby() == 1
    assert (fresh(entry).state, fresh(other).state) == (StandbyState.WAITING, StandbyState.CALLED)


def test_place_and_outlook_follow_from_what_is_booked(full, award, others, monday, time_machine):
    time_machine.move_to(monday.start - 2 * HOUR, tick=False)
    first, second = join(award, minutes=60, hours=30), join(others(), minutes=60, hours=30)
    third = join(others(), minutes=60, hours=6)
    outlooks = outlooks_of([fresh(first), fresh(second), fresh(third)], timezone.now())
    assert [outlooks[row.pk].place for row in (first, second, third)] == [1, 2, 3]
    begins = [outlooks[row.pk].begins for row in (first, second, third)]
    assert begins[0] is not None
    assert begins[0] >= full[1].end
    assert begins[1] == begins[0] + HOUR
    assert begins[2] is None  # nothing is free before they leave
    assert outlooks[first.pk].called == begins[0] - timedelta(minutes=70)


def test_waits_that_cannot_be_served_end_and_are_told(award, others, researcher, instrument, time_machine):
    entry = join(award, hours=4)
    time_machine.move_to(timezone.now() + 2.1 * HOUR, tick=False)
    assert (end_waits(), end_waits()) == (1, 0)
    assert fresh(entry).state == StandbyState.LEFT
    assert kinds(researcher) == ["bookings.standby_over"]
    other = join(others())
    instrument.policy.has_standby = False
    instrument.policy.save()
    assert end_waits() == 1
    assert fresh(other).state == StandbyState.LEFT


@pytest.mark.parametrize(
    ("minutes", "hours", "code"),
    [
        (120, 2, "wait_too_short"),
        (120, -1, "wait_too_short"),
        (120, 24 * 8, "too_long_a_wait"),
        (30, 12, "too_short"),
        (90, 12, "off_step"),
        (600, 24, "too_long"),
    ],
)
def test_what_nobody_could_be_called_to_is_refused(award, minutes, hours, code):
    with pytest.raises(Refused) as refusal:
        join(award, minutes, hours)
    assert refusal.value.codes == [code]
    assert not StandbyEntry.objects.exists()


def test_without_a_queue_hours_or_right_nobody_joins(award, instrument, stranger_researcher):
    with pytest.raises(Forbidden):
        join_standby(award, 120, timezone.now() + 9 * HOUR, by=stranger_researcher)
    type(award).objects.update(balance_minutes=60)
    refused(award, "not_enough_hours")
    type(award).objects.update(state="ended", balance_minutes=600)
    refused(award, "award_not_active")
    type(award).objects.update(state="active")
    instrument.policy.needs_confirmation = True
    instrument.policy.save()
    refused(award, "no_queue")


def refused(award, code):
    award.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        join(award)
    assert code in refusal.value.codes


def test_joining_twice_keeps_the_place(award):
    assert join(award) == join(award, minutes=60)
    assert StandbyEntry.objects.count() == 1


def test_a_restart_changes_nothing(award, others, time_machine):
    """The queue is rows: whoever looks next, whenever, finds the same order."""
    entries = [join(award), join(others()), join(others())]
    order = list(StandbyEntry.objects.waiting().values_list("pk", flat=True))
    assert order == [entry.pk for entry in entries]
    time_machine.move_to(timezone.now() + 1.2 * HOUR, tick=False)
    assert [call_standby() for _ in range(3)] == [1, 0, 0]


@pytest.mark.parametrize("who", ["stranger_researcher", "stranger_focal_point", "stranger_operator", "donor"])
def test_strangers_neither_see_nor_answer_nor_leave(called, request, who):
    user = request.getfixturevalue(who)
    assert not StandbyEntry.objects.visible_to(user).exists()
    with pytest.raises(Forbidden):
        accept_call(called, by=user)
    with pytest.raises(Forbidden):
        leave_standby(called, by=user)


def test_pages_from_joining_to_the_booking(client, researcher, award, time_machine):
    client.force_login(researcher)
    page = client.get(f"/en/standby/join/?award={award.ref}&length=120")
    assert 'value="2"' in page.content.decode()
    answer = client.post("/en/standby/join/", {"award": award.pk, "hours": "2", "wait": "480"})
    entry = StandbyEntry.objects.get()
    assert answer.url == entry.get_absolute_url()
    text = client.get(answer.url).content.decode()
    assert "Place 1 in the queue" in text
    assert "not before" in text
    assert entry.ref in client.get("/en/standby/").content.decode()
    time_machine.move_to(timezone.now() + 1.2 * HOUR, tick=False)
    call_standby()
    assert "Take this time" in client.get(f"/en/standby/{entry.ref}/state/").content.decode()
    answer = client.post(f"/en/standby/{entry.ref}/accept/")
    booking = Booking.objects.get(standby_entry=entry)
    assert answer.url == booking.get_absolute_url() + "?new=1"
    assert "See the booking it became" in client.get(entry.get_absolute_url()).content.decode()
    assert client.get(f"/en/standby/{entry.ref}/state/")["X-Stop"] == "1"
    assert entry.ref in client.get("/en/standby/?past=1").content.decode()


def test_pages_say_what_is_wrong(client, researcher, award):
    client.force_login(researcher)
    answer = client.post("/en/standby/join/", {"award": award.pk, "hours": "2", "wait": "60"})
    assert (answer.status_code, "not enough time left" in answer.content.decode()) == (422, True)
    assert client.post("/en/standby/join/", {"award": "x", "hours": "", "wait": "1"}).status_code == 400
    entry = StandbyEntryFactory(award=award)
    answer = client.post(f"/en/standby/{entry.ref}/accept/")
    assert "You have not been called." in answer.content.decode()
    assert client.post(f"/en/standby/{entry.ref}/leave/").status_code == 302
    assert fresh(entry).state == StandbyState.LEFT
    assert client.post(f"/en/standby/{entry.ref}/leave/").status_code == 422


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"award": "\0", "hours": "\0", "wait": "\0"},
        {"award": "9" * 40, "hours": "NaN", "wait": "480"},
        {"award": ["1", "2"], "hours": "1e999", "wait": "-1", "purpose": "\0"},
        {"hours": "٣", "award": "x", "wait": ""},
    ],
)
def test_what_cannot_be_read_is_asked_for_again_in_the_form(client, researcher, award, typed):
    client.force_login(researcher)
    answer = client.post("/en/standby/join/", typed)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "<form" in text
    assert set(answer.context["form"].errors) & {"award", "hours", "wait"}
    assert any(sentence in text for sentence in ("Choose an instrument.", "Select a valid choice"))
    assert not StandbyEntry.objects.exists()


def test_the_api_joins_is_called_accepts_and_leaves(client, researcher, award, others, time_machine):
    client.force_login(researcher)
    until = (timezone.now() + 8 * HOUR).isoformat()
    body = {"award": award.ref, "minutes": 120, "until": until}
    made = client.post("/api/v1/standby/", body, "application/json", headers={"Idempotency-Key": "a"})
    again = client.post("/api/v1/standby/", body, "application/json", headers={"Idempotency-Key": "a"})
    assert (made.status_code, made.json()) == (201, again.json())
    assert (made.json()["place"], made.json()["call"]) == (1, None)
    ref = made.json()["ref"]
    time_machine.move_to(timezone.now() + 1.2 * HOUR, tick=False)
    call_standby()
    call = client.get(f"/api/v1/standby/{ref}/").json()["call"]
    assert call["minutes"] == 120
    assert client.post(f"/api/v1/standby/{ref}/accept/").json()["state"] == "confirmed"
    assert client.post(f"/api/v1/standby/{ref}/leave/").status_code == 422
    assert client.post("/api/v1/standby/", body | {"minutes": 1}, "application/json").status_code == 422


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_take_the_same_queries_for_one_and_three(
    client, researcher, institute, instrument, rows, django_assert_num_queries
):
    for _ in range(rows):
        StandbyEntryFactory(award=AwardFactory(holder=researcher, organisation=institute, instrument=instrument))
    client.force_login(researcher)
    with django_assert_num_queries(7):
        client.get("/en/standby/")
    with django_assert_num_queries(6):
        client.get("/api/v1/standby/")


def test_the_policy_s_week_page_leads_to_the_queue(client, researcher, award, instrument):
    client.force_login(researcher)
    text = client.get(f"/en/instruments/{instrument.slug}/book/?award={award.ref}").content.decode()
    assert "/standby/join/?award=" in text
