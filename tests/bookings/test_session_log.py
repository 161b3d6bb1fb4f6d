"""After a session: its log in one order, a report from each side, and lost minutes that return once."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from bookings.actions.room import control, reports
from bookings.actions.room.chat import say
from bookings.actions.room.guests import invite_guest
from bookings.actions.room.reports import remind_of_reports, return_minutes, write_report
from bookings.enums import BookingState, Leaving, Part, SessionState
from bookings.models import Attendance, Session, SessionReport
from calls.actions.ledger import spend, use
from calls.models import LedgerEntry
from portal.audit.actions import history_of
from portal.core.errors import Forbidden, Refused
from portal.notifications.models import Notification
from tests.bookings.test_races import all_at_once
from tests.factories.accounts import UserFactory
from tests.factories.bookings import BookingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(award, researcher):
    """Two hours, paid, live for ten minutes."""
    start = timezone.now() - timedelta(minutes=10)
    made = BookingFactory(award=award, start=start, session__state=SessionState.LIVE)
    spend(award, made.minutes, booking=made.ref, by=researcher)
    return made


@pytest.fixture
def over(booking):
    """The same, when it has ended a moment ago."""
    return end(booking)


def end(booking):
    Session.objects.filter(booking=booking).update(state=SessionState.ENDED, closed_at=timezone.now())
    booking.state = BookingState.COMPLETED
    booking.save()
    booking.session.refresh_from_db()
    return booking


def come(booking, person, **fields):
    now = timezone.now()
    return Attendance.objects.create(
        session=booking.session,
        user=person,
        **{"part": Part.RESEARCHER, "relay": "r1", "joined_at": now, "seen_at": now} | fields,
    )


def address(name, booking):
    return reverse(f"sessions:{name}", args=[booking.ref])


def refused(deed, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        deed(*args, **kwargs)
    return refusal.value.codes[0]


# --- Log ------------------------------------------------------------------------------------------


def test_the_log_tells_everything_in_order(client, booking, researcher, operator, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    line = come(booking, researcher)
    for deed in (
        lambda: control.ask_control(booking, by=researcher),
        lambda: say(booking, "Ça marche <b>", by=researcher),
        lambda: come(booking, operator, part=Part.OPERATOR),
        lambda: control.take_control(booking, by=operator),
    ):
        time_machine.shift(timedelta(seconds=1))
        deed()
    time_machine.shift(timedelta(seconds=1))
    line.left_at, line.left_why = timezone.now(), Leaving.SIGNED_OUT
    line.save()

    client.force_login(researcher)
    page = client.get(address("log", booking))
    kinds = [(entry.kind, entry.who) for entry in page.context["entries"]]
    assert kinds == [
        ("came", researcher.name),
        ("deed", researcher.name),
        ("said", researcher.name),
        ("came", operator.name),
        ("deed", operator.name),
        ("went", researcher.name),
    ]
    assert page.context["entries"][4].has == operator.name
    text = page.content.decode()
    assert "Ça marche &lt;b&gt;" in text
    assert "signed out" in text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_log_asks_the_same_number_of_questions(client, booking, researcher, rows, django_assert_num_queries):
    for _ in range(rows):
        person = UserFactory()
        booking.participants.add(person)
        come(booking, person, left_at=timezone.now(), left_why=Leaving.LEFT)
        say(booking, "Hello", by=person)
        come(booking, person)
        control.ask_control(booking, by=person)
    client.force_login(researcher)
    client.get(address("log", booking))
    with django_assert_num_queries(QUERIES):
        client.get(address("log", booking))


QUERIES = 9


def test_a_long_log_is_paged(client, booking, researcher):
    for _ in range(101):
        come(booking, researcher)
    client.force_login(researcher)
    assert len(client.get(address("log", booking)).context["entries"]) == 100
    assert len(client.get(address("log", booking), {"page": 2}).context["entries"]) == 1


def test_who_reads_the_log(request, client, booking, award, researcher):
    member, guest = UserFactory(), UserFactory(email="guest@example.org")
    award.members.add(member)
    guest.emailaddress_set.create(email=guest.email, verified=True, primary=True)
    invite_guest(booking, guest.email, by=researcher)
    for who in ("researcher", "focal_point", "operator", "staff"):
        client.force_login(request.getfixturevalue(who))
        assert client.get(address("log", booking)).status_code == 200, who
    client.force_login(member)
    assert client.get(address("log", booking)).status_code == 200
    for person in (guest, *map(request.getfixturevalue, ("donor", "stranger_operator", "stranger_researcher"))):
        client.force_login(person)
        for name in ("log", "report"):
            assert client.get(address(name, booking)).status_code == 404, (person, name)


# --- Reports --------------------------------------------------------------------------------------


def test_each_side_tells_once_how_it_went(client, over, researcher, operator):
    client.force_login(researcher)
    told = {"went": "partly", "minutes_lost": "20", "text": "The line dropped twice."}
    assert client.post(address("report", over), told).url == address("report", over)
    again = client.post(address("report", over), told)
    assert (again.status_code, "Your side has written" in again.content.decode()) == (422, True)
    client.force_login(operator)
    page = client.get(address("report", over)).content.decode()
    assert "The line dropped twice." in page
    assert 'value="20"' in page  # offered to be returned
    client.post(address("report", over), {"went": "well", "minutes_lost": "0"})
    assert list(SessionReport.objects.order_by("pk").values_list("by_laboratory", "author", "went")) == [
        (False, researcher.pk, "partly"),
        (True, operator.pk, "well"),
    ]
    assert "Hand in the report" not in client.get(address("report", over)).content.decode()
    assert [entry.verb for entry in history_of(over.session)] == ["report", "report"]


def test_who_takes_part_and_runs_the_instrument_tells_for_those_who_take_part(over, operator):
    over.participants.add(operator)
    assert write_report(over, by=operator, went="well").by_laboratory is False


@pytest.mark.parametrize(
    "wrong",
    [
        {"went": ""},
        {"went": "superbly"},
        {"minutes_lost": "-1"},
        {"minutes_lost": "many"},
        {"minutes_lost": ""},
        {"went": "badly", "text": ""},
        {"text": "x" * 4001},
    ],
)
def test_what_is_no_report_is_explained(client, over, researcher, wrong):
    client.force_login(researcher)
    response = client.post(address("report", over), {"went": "well", "minutes_lost": "0", "text": ""} | wrong)
    assert response.status_code == 400
    assert "There is a problem" in response.content.decode()
    assert not SessionReport.objects.exists()


def test_no_more_minutes_are_lost_than_were_booked(over, researcher):
    assert refused(write_report, over, by=researcher, went="well", minutes_lost=121) == "too_much"


def test_there_is_nothing_to_report_before_the_end(booking, researcher, focal_point, client):
    assert refused(write_report, booking, by=researcher, went="well") == "not_over"
    client.force_login(researcher)
    assert "once the session has ended" in client.get(address("report", booking)).content.decode()
    with pytest.raises(Forbidden):
        write_report(end(booking), by=focal_point, went="well")


@pytest.mark.django_db(transaction=True)
def test_two_who_report_for_one_side_at_once_leave_one_report(over, researcher):
    other = UserFactory()
    over.participants.add(other)
    outcomes = all_at_once(lambda person: write_report(over, by=person, went="well"), [researcher, other], threads=2)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Refused", "SessionReport"]


# --- Returned minutes -----------------------------------------------------------------------------


def test_the_laboratory_returns_lost_minutes_once(client, over, award, researcher, operator):
    client.force_login(operator)
    typed = {"minutes": "30", "why": "No power at their side."}
    assert client.post(address("return_minutes", over), typed).status_code == 302
    award.refresh_from_db()
    assert award.balance_minutes == 600 - 120 + 30
    entry = LedgerEntry.objects.latest("pk")
    assert (entry.kind, entry.minutes, entry.booking, entry.why) == ("released", 30, over.ref, typed["why"])
    assert history_of(over)[0].verb == "return_minutes"
    assert Notification.objects.filter(kind="bookings.returned", address=researcher.email).count() == 1
    assert client.post(address("return_minutes", over), typed).status_code == 422
    client.force_login(researcher)
    assert "were returned" in client.get(address("report", over)).content.decode()


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"minutes": "0", "why": "x"}, 400),
        ({"minutes": "-5", "why": "x"}, 400),
        ({"minutes": "ten", "why": "x"}, 400),
        ({"minutes": "10", "why": ""}, 400),
        ({"minutes": "10", "why": "x" * 201}, 400),
        ({"minutes": "121", "why": "x"}, 422),
    ],
)
def test_what_cannot_be_returned_is_explained(client, over, award, operator, typed, status):
    client.force_login(operator)
    assert client.post(address("return_minutes", over), typed).status_code == status
    award.refresh_from_db()
    assert award.balance_minutes == 480


def test_no_more_returns_than_the_award_paid_after_an_early_end(over, award, operator):
    use(award, 60, booking=over.ref, booked=120)
    assert refused(return_minutes, over, 61, by=operator, why="x") == "too_much"
    return_minutes(over, 60, by=operator, why="x")
    award.refresh_from_db()
    assert award.balance_minutes == 600


@pytest.mark.parametrize("who", ["researcher", "focal_point", "stranger_operator"])
def test_only_the_laboratory_returns(request, over, who):
    with pytest.raises(Forbidden):
        return_minutes(over, 10, by=request.getfixturevalue(who), why="x")


def test_what_the_ledger_does_not_take_is_not_noted_either(over, operator, monkeypatch):
    def broken(*args, **kwargs):
        raise DatabaseError

    monkeypatch.setattr(reports, "give_back", broken)
    with pytest.raises(DatabaseError):
        return_minutes(over, 10, by=operator, why="x")
    assert not history_of(over).exists()
    assert not Notification.objects.filter(kind="bookings.returned").exists()


def test_nothing_returns_while_it_lasts_or_for_no_reason(booking, operator):
    assert refused(return_minutes, booking, 10, by=operator, why="x") == "not_over"
    assert refused(return_minutes, booking, 10, by=operator, why=" ") == "no_reason"
    assert refused(return_minutes, booking, 0, by=operator, why="x") == "no_minutes"
    assert refused(return_minutes, booking, 10, by=operator, why="x" * 201) == "too_long"


@pytest.mark.django_db(transaction=True)
def test_two_operators_who_return_at_once_return_once(over, award, operator):
    outcomes = all_at_once(lambda minutes: return_minutes(over, minutes, by=operator, why="x"), [30, 40], threads=2)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["LedgerEntry", "Refused"]
    award.refresh_from_db()
    assert award.balance_minutes in (510, 520)


# --- Reminder -------------------------------------------------------------------------------------


def test_each_side_that_has_not_told_is_asked_once_a_day_after(over, researcher, operator, time_machine):
    write_report(over, by=operator, went="well")
    closed = over.session.closed_at
    time_machine.move_to(closed + timedelta(hours=23, minutes=59), tick=False)
    assert remind_of_reports() == 0
    time_machine.move_to(closed + timedelta(days=1), tick=False)
    assert (remind_of_reports(), remind_of_reports()) == (1, 0)
    sent = Notification.objects.filter(kind__startswith="bookings.report_due")
    assert [(row.kind, row.address) for row in sent] == [("bookings.report_due", researcher.email)]


def test_the_laboratory_is_asked_too_and_nobody_about_old_times(over, researcher, operator, time_machine):
    time_machine.move_to(over.session.closed_at + timedelta(days=15), tick=False)
    assert remind_of_reports() == 0
    time_machine.move_to(over.session.closed_at + timedelta(days=2), tick=False)
    assert remind_of_reports() == 1
    kinds = Notification.objects.filter(kind__startswith="bookings.report_due").values_list("kind", "address")
    assert set(kinds) == {
        ("bookings.report_due", researcher.email),
        ("bookings.report_due_laboratory", operator.email),
    }


@pytest.mark.django_db(transaction=True)
def test_a_session_that_another_worker_is_at_is_left_to_it(over, time_machine):
    time_machine.move_to(over.session.closed_at + timedelta(days=1), tick=False)
    with transaction.atomic():
        Session.objects.select_for_update(no_key=True).get(pk=over.session.pk)
        assert all_at_once(lambda _tick: remind_of_reports(), [1], threads=1) == [0]
    assert remind_of_reports() == 1
