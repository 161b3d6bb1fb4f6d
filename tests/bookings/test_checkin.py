"""Operators check in to the sessions they run: one by one, for a day, and take it back."""

from datetime import timedelta

import pytest
from django.db import DatabaseError

from bookings.actions import checkin
from bookings.actions.checkin import check_in, check_in_for_day, check_out
from bookings.models import Session
from portal.accounts.enums import Role
from portal.audit.actions import history_of
from portal.audit.models import Record
from portal.core.errors import Forbidden, Refused
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.bookings import BookingFactory
from tests.factories.calls import AwardFactory
from tests.factories.instruments import InstrumentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(award, monday, time_machine):
    made = BookingFactory(award=award, start=monday.start)
    time_machine.move_to(monday.start - timedelta(hours=12), tick=False)
    return made


@pytest.fixture
def colleague(laboratory):
    user = UserFactory()
    MembershipFactory(user=user, organisation=laboratory, role=Role.OPERATOR)
    return user


def test_an_operator_says_so_once_and_a_colleague_takes_over(booking, operator, colleague, time_machine):
    first = check_in(booking, by=operator)
    said_at = first.checked_in_at
    time_machine.shift(timedelta(minutes=5))
    assert check_in(booking, by=operator).checked_in_at == said_at

    session = check_in(booking, by=colleague)
    assert session.operator == colleague
    assert session.checked_in_at == said_at + timedelta(minutes=5)
    assert [(entry.verb, entry.by, entry.details) for entry in history_of(session)] == [
        ("check_in", colleague, {"instead_of": operator.pk}),
        ("check_in", operator, {"instead_of": None}),
    ]


def test_it_can_be_taken_back_until_the_session_begins(booking, operator, colleague, monday, time_machine):
    check_in(booking, by=operator)
    session = check_out(booking, by=colleague)
    assert (session.operator, session.checked_in_at) == (None, None)
    assert history_of(session)[0].details == {"instead_of": operator.pk}
    check_out(booking, by=operator)
    assert history_of(session).count() == 2

    check_in(booking, by=operator)
    time_machine.move_to(monday.start, tick=False)
    with pytest.raises(Refused) as refusal:
        check_out(booking, by=operator)
    assert refusal.value.codes == ["begun"]
    assert check_in(booking, by=colleague).operator == colleague


@pytest.mark.parametrize(
    ("moved", "code"), [({"hours": -37}, "too_early"), ({"hours": 2}, "over"), ({"days": 30}, "over")]
)
def test_not_too_early_and_not_once_it_is_over(booking, operator, monday, time_machine, moved, code):
    time_machine.move_to(monday.start + timedelta(**moved), tick=False)
    with pytest.raises(Refused) as refusal:
        check_in(booking, by=operator)
    assert refusal.value.codes == [code]
    assert Session.objects.get().operator is None


def test_a_booking_without_a_session_has_nothing_to_run(award, operator):
    requested = BookingFactory(award=award, state="requested")
    for deed in (check_in, check_out):
        with pytest.raises(Refused) as refusal:
            deed(requested, by=operator)
        assert refusal.value.codes == ["no_session"]


@pytest.mark.parametrize("who", ["researcher", "focal_point", "stranger_operator", "donor"])
def test_only_the_laboratory_checks_in(request, booking, who):
    person = request.getfixturevalue(who)
    for deed in (check_in, check_out):
        with pytest.raises(Forbidden):
            deed(booking, by=person)
    assert check_in_for_day(booking.start.date(), by=person) == []
    assert Session.objects.get().operator is None


def test_a_whole_day_at_once_leaves_colleagues_and_other_places_theirs(
    booking, award, operator, colleague, monday, time_machine
):
    here = [BookingFactory(award=award, start=monday.start + timedelta(hours=2 * n)) for n in (1, 2)]
    check_in(here[0], by=colleague)
    BookingFactory(award=award, start=monday.start + timedelta(days=1))
    BookingFactory(award=AwardFactory(instrument=InstrumentFactory()), start=monday.start)

    done = check_in_for_day(monday.start.date(), by=operator)

    assert [session.booking for session in done] == [booking, here[1]]
    assert set(Session.objects.filter(operator=operator)) == set(done)
    assert Record.objects.filter(verb="check_in", by=operator).count() == 2
    assert check_in_for_day(monday.start.date(), by=operator) == []


def test_the_day_is_the_laboratorys(award, operator, instrument, monday, time_machine):
    instrument.time_zone = "Pacific/Auckland"
    instrument.save()
    late = BookingFactory(award=award, start=monday.start.replace(hour=20))  # Tuesday morning there
    time_machine.move_to(late.start - timedelta(hours=3), tick=False)
    assert check_in_for_day(late.start.date(), by=operator) == []
    assert check_in_for_day(late.start.date() + timedelta(days=1), by=operator) == [late.session]


def test_for_a_day_staff_are_no_operators(booking, staff, monday):
    assert check_in_for_day(monday.start.date(), by=staff) == []
    assert check_in(booking, by=staff).operator == staff


def test_a_write_that_fails_leaves_nothing(booking, operator, monkeypatch):
    def broken(*args, **kwargs):
        raise DatabaseError

    monkeypatch.setattr(checkin, "_write", broken)
    with pytest.raises(DatabaseError):
        check_in(booking, by=operator)
    assert not Record.objects.filter(verb="check_in").exists()
