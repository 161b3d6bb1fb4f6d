"""What closures, suspensions and changes of hours, policy and units do to the bookings there are."""

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone, translation

from bookings.actions.booking import book_time
from bookings.actions.changes import cancel_booking, move_booking
from bookings.actions.session import begin_session
from bookings.enums import BookingState, Disturbance
from bookings.models import Booking
from bookings.slots import MINUTE, Span
from instruments.actions import (
    add_closure,
    remove_closure,
    resume_instrument,
    set_opening_hours,
    set_policy,
    set_units,
    suspend_instrument,
)
from instruments.actions.edit import UnitLine
from instruments.models import Closure
from portal.audit.actions import history_of
from portal.core.errors import Refused
from portal.notifications.kinds import KINDS
from portal.notifications.models import Notification
from portal.notifications.rendering import Renderer
from tests.factories.bookings import BookingFactory
from tests.factories.calls import AwardFactory

pytestmark = pytest.mark.django_db

STATEMENTS = 14  # of a closure that runs into bookings, its savepoint included
STATEMENTS_OF_UNITS = 23  # of a unit taken out of service whose bookings go to another


@pytest.fixture
def booking(instrument, award, monday, researcher):
    return book_time(instrument, monday, award, by=researcher)


def fresh(booking: Booking) -> Booking:
    return Booking.objects.for_page().get(pk=booking.pk)


def told(kind: str) -> list[str]:
    return sorted(Notification.objects.filter(kind=f"bookings.{kind}").values_list("address", flat=True))


def sent() -> None:
    """Every message that waits has gone out."""
    Notification.objects.filter(state="pending").update(state="sent", settled_at=timezone.now())


def letter(kind: str) -> str | None:
    row = Notification.objects.filter(kind=f"bookings.{kind}").latest("pk")
    with translation.override("en"):
        found = Renderer().letter(KINDS[row.kind], row)
    return found and found.text


def close(instrument, span: Span, by, reason="Service") -> tuple[Closure, list[Booking]]:
    return add_closure(instrument, span.start, span.end, reason, by=by)


def test_a_closure_is_told_once_to_each_of_the_booking_s_people(
    instrument, award, monday, focal_point, researcher, operator
):
    booking = book_time(instrument, monday, award, by=focal_point)
    _closure, in_the_way = close(instrument, monday, operator)
    assert in_the_way == [booking]
    assert (fresh(booking).disturbances, fresh(booking).state) == ([Disturbance.CLOSED], BookingState.CONFIRMED)
    assert history_of(booking)[0].verb == "disturb"
    close(instrument, monday, operator, "Tube")
    suspend_instrument(instrument, by=operator, why="Leak.")
    assert told("disturbed") == sorted([focal_point.email, researcher.email])
    assert fresh(booking).disturbances == [Disturbance.CLOSED, Disturbance.SUSPENDED]


def test_a_reason_given_twice_is_said_once(instrument, booking, monday, operator):
    close(instrument, monday, operator, "Service")
    close(instrument, monday, operator, "Service")
    assert "closed during this time: Service." in letter("disturbed")


def test_the_message_says_why_and_names_three_times_that_are_free(instrument, award, booking, monday, operator):
    BookingFactory(award=AwardFactory(instrument=instrument), start=monday.end)
    close(instrument, monday, operator, "New tube.")
    text = letter("disturbed")
    assert "closed during this time: New tube." in text
    links = [line.strip() for line in text.splitlines() if "/move/check/?" in line]
    assert len(set(links)) == 3
    assert all("length=120" in link and award.ref in link for link in links)
    for link in links:
        start = timezone.datetime.fromisoformat(link.split("slot=")[1].split("&")[0].replace("%3A", ":"))
        assert not Span(start, start + timedelta(hours=2)).overlaps(Span(monday.start, monday.end + timedelta(hours=2)))


def test_the_links_lead_to_the_page_that_moves_it(instrument, booking, monday, researcher, operator, client):
    close(instrument, monday, operator)
    link = next(line.strip() for line in letter("disturbed").splitlines() if "/move/check/?" in line)
    client.force_login(researcher)
    page = client.get(link.removeprefix("http://testserver").replace("http://localhost:8000", ""))
    assert page.status_code == 200
    assert "Move the booking" in page.content.decode()


def test_nothing_is_sent_once_it_was_moved(instrument, booking, monday, researcher, operator):
    close(instrument, monday, operator)
    moved = move_booking(booking, Span(monday.start + timedelta(days=1), monday.end + timedelta(days=1)), by=researcher)
    assert (fresh(moved).disturbances, fresh(moved).disturbed_at) == ([], None)
    assert letter("disturbed") is None


@pytest.mark.parametrize("deed", ["cancel", "move"])
def test_while_something_is_in_the_way_leaving_costs_nothing_however_late(
    instrument, award, booking, monday, researcher, operator, time_machine, deed
):
    set_policy(instrument, by=operator, late_cancel_percent=100, cancel_notice=2880)
    close(instrument, monday, operator)
    time_machine.move_to(monday.start - timedelta(hours=3), tick=False)
    if deed == "cancel":
        cancel_booking(booking, by=researcher)
    else:
        move_booking(booking, Span(monday.end + timedelta(hours=1), monday.end + timedelta(hours=3)), by=researcher)
    award.refresh_from_db()
    assert award.balance_minutes == (600 if deed == "cancel" else 480)


def test_the_cancel_page_says_that_it_costs_nothing(
    instrument, booking, monday, researcher, operator, client, time_machine
):
    set_policy(instrument, by=operator, late_cancel_percent=100)
    time_machine.move_to(monday.start - timedelta(hours=3), tick=False)
    client.force_login(researcher)
    assert "It is late" in client.get(f"/en/bookings/{booking.ref}/cancel/").content.decode()
    close(instrument, monday, operator)
    assert "All hours return" in client.get(f"/en/bookings/{booking.ref}/cancel/").content.decode()


def test_its_pages_and_the_api_say_what_is_in_the_way(instrument, booking, monday, researcher, operator, client):
    close(instrument, monday, operator, "New tube")
    client.force_login(researcher)
    assert "closed during this time: New tube." in client.get(f"/en/bookings/{booking.ref}/").content.decode()
    assert "cannot be held as booked" in client.get("/en/bookings/").content.decode()
    assert client.get(f"/api/v1/bookings/{booking.ref}/").json()["disturbances"] == ["closed"]


def test_those_who_were_told_hear_that_it_stands_again(instrument, booking, monday, researcher, operator):
    closure, _rows = close(instrument, monday, operator)
    sent()
    remove_closure(closure, by=operator)
    assert told("stands_again") == [researcher.email]
    assert (fresh(booking).disturbances, history_of(booking)[0].verb) == ([], "settle")
    close(instrument, monday, operator)
    assert told("disturbed") == [researcher.email] * 2  # a second event


def test_what_was_not_sent_yet_is_not_taken_back_but_left_out(instrument, booking, monday, operator):
    closure, _rows = close(instrument, monday, operator)
    remove_closure(closure, by=operator)
    assert told("stands_again") == []
    assert letter("disturbed") is None


def test_it_stands_again_only_when_the_last_thing_is_gone(instrument, booking, monday, researcher, operator):
    closure, _rows = close(instrument, monday, operator)
    suspend_instrument(instrument, by=operator, why="Leak.")
    sent()
    resume_instrument(instrument, by=operator)
    assert (told("stands_again"), fresh(booking).disturbances) == ([], [Disturbance.CLOSED])
    remove_closure(closure, by=operator)
    assert told("stands_again") == [researcher.email]


def test_a_closure_of_another_unit_disturbs_nobody(instrument, booking, monday, operator):
    other = instrument.units.create(name="Unit 2")
    _closure, in_the_way = add_closure(instrument, monday.start, monday.end, "Service", by=operator, unit=other)
    assert (in_the_way, told("disturbed")) == ([], [])


def test_nobody_closes_over_a_session_that_is_live(instrument, booking, monday, researcher, operator, time_machine):
    time_machine.move_to(monday.start + timedelta(minutes=5), tick=False)
    begin_session(booking, by=researcher)
    with pytest.raises(Refused) as refusal:
        close(instrument, Span(monday.start + timedelta(hours=1), monday.end + timedelta(hours=1)), operator)
    assert refusal.value.codes == ["session_live"]
    assert not Closure.objects.exists()
    close(instrument, Span(monday.end, monday.end + timedelta(hours=1)), operator)


def test_shorter_hours_name_what_lies_outside_and_longer_ones_settle_it(
    instrument, award, booking, monday, researcher, operator
):
    BookingFactory(award=award, start=monday.start - timedelta(hours=5))  # staff put it outside the hours on purpose
    week = [(day, 13 * 60, 17 * 60) for day in range(5)]
    assert set_opening_hours(instrument, week, by=operator) == [booking]
    assert fresh(booking).disturbances == [Disturbance.HOURS]
    assert "changed its opening hours" in letter("disturbed")
    assert told("disturbed") == [researcher.email]
    sent()
    assert set_opening_hours(instrument, [(day, 540, 1020) for day in range(5)], by=operator) == []
    assert told("stands_again") == [researcher.email]


def test_a_longer_change_over_is_kept_free_where_there_is_room(instrument, award, monday, operator):
    first, second, third = (
        BookingFactory(award=award, start=monday.start + timedelta(hours=hours), minutes=60) for hours in (0, 1, 3)
    )
    assert set_policy(instrument, by=operator, before=15, after=30) == [first, second]
    spans = [
        [(row.occupied.lower - monday.start) / MINUTE, (row.occupied.upper - monday.start) / MINUTE]
        for row in Booking.objects.order_by("period")
    ]
    assert spans == [[-15, 60], [60, 150], [165, 270]]
    assert [fresh(row).disturbances for row in (first, second, third)] == [["changeover"], ["changeover"], []]
    assert set_policy(instrument, by=operator, before=0, after=0) == []
    assert all(row.occupied == row.period for row in Booking.objects.all())
    assert not Booking.objects.exclude(disturbances=[]).exists()


def test_a_change_over_leaves_alone_what_has_begun(instrument, award, monday, operator, time_machine):
    begun = BookingFactory(award=award, start=monday.start, minutes=60)
    coming = BookingFactory(award=award, start=monday.start + timedelta(minutes=90), minutes=60)
    time_machine.move_to(monday.start + timedelta(minutes=30), tick=False)
    set_policy(instrument, by=operator, before=60)
    assert fresh(begun).occupied == begun.period
    assert fresh(coming).occupied == DateTimeTZRange(fresh(begun).end, fresh(coming).end)


def test_other_rules_leave_what_is_booked_alone(instrument, booking, operator):
    assert set_policy(instrument, by=operator, longest=60, notice=2880, step=30, horizon_days=1) == []
    assert (fresh(booking).disturbances, told("disturbed")) == ([], [])


def test_bookings_of_a_unit_out_of_service_take_another_that_is_free(instrument, award, monday, researcher, operator):
    one, two = instrument.units.get(), instrument.units.create(name="Unit 2")
    first = book_time(instrument, monday, award, by=researcher)
    later = book_time(instrument, Span(monday.end, monday.end + timedelta(hours=1)), award, by=researcher)
    BookingFactory(award=AwardFactory(instrument=instrument), unit=two, start=monday.end)
    in_the_way = set_units(
        instrument, [UnitLine(one.pk, "Unit 1", is_active=False), UnitLine(two.pk, "Two")], by=operator
    )
    assert in_the_way == [later]
    assert (fresh(first).unit, fresh(first).disturbances) == (two, [])
    assert fresh(later).disturbances == [Disturbance.UNIT]
    assert told("disturbed") == [researcher.email]


def test_an_offer_from_the_waiting_list_is_taken_back(instrument, award, monday, operator):
    held = BookingFactory(award=award, start=monday.start, state="held", held_until=monday.start)
    close(instrument, monday, operator)
    assert fresh(held).state == BookingState.CANCELLED
    assert told("cancelled") == [award.holder.email]


@pytest.mark.parametrize("number", [1, 3])
def test_a_closure_takes_as_many_statements_for_one_booking_as_for_three(
    instrument, award, monday, operator, django_assert_num_queries, number
):
    for hours in range(number):
        BookingFactory(award=award, start=monday.start + timedelta(hours=hours), minutes=60)
    with django_assert_num_queries(STATEMENTS):
        close(instrument, Span(monday.start, monday.start + timedelta(hours=4)), operator)
    assert len(told("disturbed")) == number


@pytest.mark.parametrize("number", [1, 3])
def test_a_unit_out_of_service_takes_as_many_statements_for_one_booking_as_for_three(
    instrument, award, monday, operator, django_assert_num_queries, number
):
    one, two = instrument.units.get(), instrument.units.create(name="Unit 2")
    rows = [
        BookingFactory(award=award, start=monday.start + timedelta(hours=hours), minutes=60) for hours in range(number)
    ]
    lines = [UnitLine(one.pk, "Unit 1", is_active=False), UnitLine(two.pk, "Two")]
    with django_assert_num_queries(STATEMENTS_OF_UNITS):
        assert set_units(instrument, lines, by=operator) == []
    assert {fresh(row).unit for row in rows} == {two}
