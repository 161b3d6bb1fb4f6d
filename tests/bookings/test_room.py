"""The room of a session by its pages: who is there, control, chat and guests, each seen by those who may."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone

from bookings.actions.changes import cancel_booking, confirm_booking, decline_booking, move_booking
from bookings.actions.room import chat as actions
from bookings.actions.room import control as control_actions
from bookings.actions.room import guests as invitations
from bookings.actions.room.chat import say
from bookings.actions.room.guests import MOST, invite_guest, withdraw_guest
from bookings.enums import Part, SessionState
from bookings.models import Attendance, ChatMessage, Guest, Session
from bookings.slots import Span
from instruments.enums import AccessMode, DesktopRoute
from instruments.models import Desktop
from portal.audit.actions import history_of
from portal.core.errors import Forbidden, Refused
from portal.notifications.models import Notification
from tests.bookings.test_races import all_at_once
from tests.factories.accounts import UserFactory
from tests.factories.bookings import BookingFactory, next_monday_at
from tests.support.promises import broken_promises

pytestmark = pytest.mark.django_db
FRAGMENTS = ["people", "control", "chat"]


@pytest.fixture
def booking(award, researcher):
    """A session that has been live for ten minutes, at an instrument with a desktop."""
    start = timezone.now() - timedelta(minutes=10)
    made = BookingFactory(award=award, start=start, session__state=SessionState.LIVE)
    Desktop.objects.create(unit=made.unit, route=DesktopRoute.PRACTICE)
    return made


@pytest.fixture
def guest(booking, researcher):
    return invited(booking, researcher, "guest@example.org")


def invited(booking, by, email, is_verified=True):
    user = UserFactory(email=email)
    user.emailaddress_set.create(email=email, verified=is_verified, primary=True)
    invite_guest(booking, email, by=by)
    return user


def address(name, booking):
    return reverse(f"sessions:{name}", args=[booking.ref])


def come(booking, *people):
    now = timezone.now()
    for person in people:
        Attendance.objects.create(
            session=booking.session, user=person, part=Part.RESEARCHER, relay="r1", joined_at=now, seen_at=now
        )


def seen(client, person, name, booking):
    client.force_login(person)
    response = client.get(address(name, booking))
    return response.content.decode() if response.status_code == 200 else response.status_code


def sent(client, by, name, booking, **data):
    client.force_login(by)
    return client.post(address(name, booking), data)


# --- Fragments -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FRAGMENTS)
def test_a_fragment_that_has_not_changed_is_not_sent_again(client, booking, researcher, name):
    come(booking, researcher)
    say(booking, "Bonjour", by=researcher)
    client.force_login(researcher)
    first = client.get(address(name, booking))
    again = client.get(address(name, booking), headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert b"csrfmiddlewaretoken" not in first.content


@pytest.mark.parametrize("name", FRAGMENTS)
@pytest.mark.parametrize("rows", [1, 3])
def test_fragments_ask_the_same_number_of_questions(client, booking, researcher, name, rows, django_assert_num_queries):
    people = [UserFactory() for _ in range(rows)]
    booking.participants.set([researcher, *people])
    come(booking, *people)
    for person in people:
        say(booking, "Bonjour", by=person)
    client.force_login(researcher)
    with django_assert_num_queries(QUERIES[name]):
        client.get(address(name, booking))


QUERIES = {"people": 7, "control": 7, "chat": 4}


@pytest.mark.parametrize("who", ["stranger_researcher", "stranger_operator", "stranger_focal_point", "donor"])
def test_strangers_find_no_room(request, client, booking, who):
    stranger = request.getfixturevalue(who)
    for name in FRAGMENTS:
        assert seen(client, stranger, name, booking) == 404
    for name in ("control_ask", "control_take", "control_release", "control_hand_over", "say", "guest_invite"):
        assert sent(client, stranger, name, booking, text="Hello", email="a@example.org").status_code == 404
    assert not ChatMessage.objects.exists()
    assert not Guest.objects.exists()


# --- Control --------------------------------------------------------------------------------------


def test_kept_control_is_told_to_those_whom_it_concerns(client, booking, researcher, guest):
    colleague = UserFactory()
    booking.participants.add(colleague)
    now = timezone.now()
    Session.objects.filter(booking=booking).update(controller=researcher, control_lost_at=now)
    assert "kept for you until" in seen(client, researcher, "control", booking)
    assert "kept for them until" in seen(client, colleague, "control", booking)
    told = seen(client, guest, "control", booking)
    assert researcher.name in told
    assert "kept" not in told


def test_control_goes_from_hand_to_hand_by_the_page(client, booking, researcher, operator):
    come(booking, researcher, operator)
    assert "Nobody has control" in seen(client, researcher, "control", booking)
    assert sent(client, researcher, "control_ask", booking).url == booking.session.get_absolute_url()
    mine = seen(client, researcher, "control", booking)
    assert "You have control." in mine
    assert f'value="{operator.pk}"' in mine
    assert "Take control" in seen(client, operator, "control", booking)
    sent(client, operator, "control_take", booking)
    assert "asks for control" not in seen(client, researcher, "people", booking)
    sent(client, researcher, "control_ask", booking)
    assert "You have asked for control." in seen(client, researcher, "control", booking)
    assert "asks for control" in seen(client, operator, "people", booking)
    assert "(asks for it)" in seen(client, operator, "control", booking)
    sent(client, operator, "control_hand_over", booking, person=researcher.pk)
    assert Session.objects.get().controller == researcher
    sent(client, researcher, "control_release", booking)
    assert Session.objects.get().controller is None


@pytest.mark.parametrize("person", ["", "x", "-1", "99999999999999999999", "\x00"])
def test_handing_over_to_nobody_says_so(client, booking, researcher, person):
    come(booking, researcher)
    sent(client, researcher, "control_ask", booking)
    response = sent(client, researcher, "control_hand_over", booking, person=person)
    assert response.status_code == 422
    assert "not in the session" in response.content.decode()
    assert Session.objects.get().controller == researcher


def test_without_an_open_screen_asking_says_what_to_do(client, booking, researcher):
    response = sent(client, researcher, "control_ask", booking)
    assert response.status_code == 422
    assert "screen to be open" in response.content.decode()


def test_who_watches_is_told_so_and_where_nobody_drives_too(client, booking, focal_point, researcher):
    assert "You watch" in seen(client, focal_point, "control", booking)
    booking.instrument.access_mode = AccessMode.OBSERVED
    booking.instrument.save()
    assert "operator drives" in seen(client, researcher, "control", booking)
    booking.instrument.access_mode = AccessMode.REMOTE_CONTROL
    booking.instrument.save()
    Desktop.objects.all().delete()
    assert "button" not in seen(client, researcher, "control", booking)


# --- Chat -----------------------------------------------------------------------------------------


def test_something_is_said_once_however_often_it_is_sent(client, booking, researcher, operator):
    form = {"text": "  Shall we begin?\r\n<b>Now</b>  ", "form_key": uuid4()}
    for _ in range(2):
        assert sent(client, researcher, "say", booking, **form).url.endswith("#chat")
    assert sent(client, operator, "say", booking, **form).status_code == 302
    assert list(ChatMessage.objects.values_list("author", "text")) == [
        (researcher.pk, "Shall we begin?\n<b>Now</b>"),
        (operator.pk, "Shall we begin?\n<b>Now</b>"),
    ]
    page = seen(client, operator, "chat", booking)
    assert "Shall we begin?<br>&lt;b&gt;Now&lt;/b&gt;" in page
    assert "in the chat" in seen(client, operator, "people", booking)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"text": ""}, "Write something first."),
        ({"text": " \r\n "}, "Write something first."),
        ({}, "Write something first."),
        ({"text": "x" * 1001}, "at most 1000 letters"),
        ({"text": "Hello", "form_key": "nonsense"}, "valid UUID"),
        ({"text": "a\x00b"}, "Null characters"),
    ],
)
def test_what_cannot_be_said_is_explained(client, booking, researcher, data, sentence):
    response = sent(client, researcher, "say", booking, **data)
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert not ChatMessage.objects.exists()


def test_nobody_floods_the_chat(booking, researcher, operator, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    for number in range(actions.MOST_IN_A_WHILE):
        say(booking, str(number), by=researcher)
    with pytest.raises(actions.TooFast) as refusal:
        say(booking, "more", by=researcher)
    assert (refusal.value.codes, refusal.value.status) == (["too_fast"], 429)
    say(booking, "Please wait", by=operator)
    time_machine.shift(actions.A_WHILE)
    say(booking, "more", by=researcher)
    assert ChatMessage.objects.count() == actions.MOST_IN_A_WHILE + 2


def test_the_chat_is_open_from_a_day_before_until_a_day_after(booking, researcher, time_machine):
    start, end = booking.session.starts_at, booking.session.ends_at
    day = timedelta(days=1)
    for moment, is_open in ((start - day, True), (end + day - timedelta(seconds=1), True), (end + day, False)):
        time_machine.move_to(moment, tick=False)
        assert actions.is_chat_open(booking.session) is is_open
    with pytest.raises(Refused) as refusal:
        say(booking, "Late", by=researcher)
    assert refusal.value.codes == ["closed"]


def test_a_full_chat_takes_no_more(booking, researcher, operator, monkeypatch):
    monkeypatch.setattr(actions, "MOST", 1)
    say(booking, "First", by=researcher)
    with pytest.raises(Refused) as refusal:
        say(booking, "Second", by=operator)
    assert refusal.value.codes == ["too_many"]


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_at_once_is_one_message(booking, researcher):
    key = uuid4()
    outcomes = all_at_once(lambda _: say(booking, "Hello", by=researcher, form_key=key), range(8), threads=8)
    assert {outcome.pk for outcome in outcomes} == {ChatMessage.objects.get().pk}


# --- Guests ---------------------------------------------------------------------------------------


def test_an_invited_address_gets_a_mail_and_its_account_comes_in(client, booking, researcher, donor):
    assert seen(client, donor, "people", booking) == 404
    response = sent(client, researcher, "guest_invite", booking, email=" Dora.DONOR@example.org ")
    assert response.status_code == 302
    assert sent(client, researcher, "guest_invite", booking, email=donor.email).status_code == 302
    assert Guest.objects.get().email == donor.email
    assert Notification.objects.filter(kind="bookings.invited", address=donor.email).count() == 1
    for name in ("detail", *FRAGMENTS):
        assert seen(client, donor, name, booking) != 404, name
    assert seen(client, donor, "log", booking) == 404
    assert seen(client, donor, "report", booking) == 404
    assert client.get(booking.get_absolute_url()).status_code == 404
    assert sent(client, donor, "say", booking, text="Hello").status_code == 302
    assert donor.email not in seen(client, donor, "people", booking)


def test_a_withdrawn_guest_is_out_at_once_and_can_be_invited_again(client, booking, researcher, guest):
    row = Guest.objects.get()
    for _ in range(2):
        assert sent(client, researcher, "guest_withdraw", booking, guest=row.pk).status_code == 302
    assert seen(client, guest, "people", booking) == 404
    invite_guest(booking, guest.email, by=researcher)
    assert seen(client, guest, "people", booking) != 404
    assert [entry.verb for entry in history_of(booking.session)] == ["invite_guest", "withdraw_guest", "invite_guest"]
    assert Notification.objects.filter(kind="bookings.invited").count() == 2


def test_only_a_verified_address_lets_in(client, booking, researcher):
    user = invited(booking, researcher, "claimed@example.org", is_verified=False)
    assert seen(client, user, "people", booking) == 404


def test_no_page_tells_whether_an_address_has_an_account(client, booking, researcher, donor):
    known = sent(client, researcher, "guest_invite", booking, email=donor.email)
    first = client.get(known.url).content.decode()
    unknown = sent(client, researcher, "guest_invite", booking, email="dora.nobody@example.org")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    page = client.get(address("people", booking)).content.decode()
    for email in (donor.email, "dora.nobody@example.org"):
        assert f"<bdi>{email}</bdi>" in page
    assert donor.name not in first + page
    assert Notification.objects.filter(kind="bookings.invited").count() == 2


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@b", "x" * 250 + "@example.org", "a@example.org\r\nBcc: b@example.org"]
)
def test_what_is_no_address_is_explained(client, booking, researcher, email):
    response = sent(client, researcher, "guest_invite", booking, email=email)
    assert response.status_code == 400
    assert not Guest.objects.exists()


@pytest.mark.parametrize(("who", "may"), [("operator", True), ("staff", True), ("focal_point", False)])
def test_who_invites(request, client, booking, who, may):
    person = request.getfixturevalue(who)
    assert sent(client, person, "guest_invite", booking, email="a@example.org").status_code == (302 if may else 403)
    assert Guest.objects.exists() is may


def test_a_guest_invites_nobody_and_withdraws_nobody(client, booking, guest):
    assert sent(client, guest, "guest_invite", booking, email="a@example.org").status_code == 403
    assert sent(client, guest, "guest_withdraw", booking, guest=Guest.objects.get().pk).status_code == 403
    for deed in (
        lambda: invite_guest(booking, "b@example.org", by=guest),
        lambda: withdraw_guest(booking, Guest.objects.get(), by=guest),
    ):
        with pytest.raises(Forbidden):
            deed()


def test_invitations_are_bounded_and_end_with_the_session(booking, researcher, time_machine):
    for number in range(MOST):
        invite_guest(booking, f"p{number}@example.org", by=researcher)
    with pytest.raises(Refused) as refusal:
        invite_guest(booking, "more@example.org", by=researcher)
    assert refusal.value.codes == ["too_many"]
    time_machine.move_to(booking.session.ends_at, tick=False)
    with pytest.raises(Refused) as refusal:
        invite_guest(booking, "late@example.org", by=researcher)
    assert refusal.value.codes == ["over"]


def test_a_guest_of_one_session_sees_no_other(client, award, booking, guest):
    other = BookingFactory(award=award, start=timezone.now() + timedelta(days=2))
    assert seen(client, guest, "people", other) == 404
    mine = Guest.objects.get()
    assert sent(client, other.award.holder, "guest_withdraw", other, guest=mine.pk).status_code == 404
    for key in ("", "x", "9" * 30):
        assert sent(client, booking.award.holder, "guest_withdraw", booking, guest=key).status_code == 404
    mine.refresh_from_db()
    assert mine.withdrawn_at is None


def test_guests_hear_of_another_time_and_that_it_will_not_be(booking, researcher, operator, award):
    later = BookingFactory(award=award, start=timezone.now() + timedelta(days=20, hours=1))
    for email in ("stays@example.org", "gone@example.org"):
        invite_guest(later, email, by=researcher)
    withdraw_guest(later, Guest.objects.get(email="gone@example.org"), by=researcher)
    monday = next_monday_at(9)
    move_booking(later, Span(monday, monday + timedelta(hours=2)), by=operator)
    later.refresh_from_db()
    cancel_booking(later, by=researcher)
    told = Notification.objects.filter(kind__startswith="bookings.guest_").order_by("pk")
    assert [(row.kind, row.address) for row in told] == [
        ("bookings.guest_moved", "stays@example.org"),
        ("bookings.guest_off", "stays@example.org"),
    ]


@pytest.fixture
def asked_again(instrument, award, researcher):
    """A confirmed booking with a guest and a message in its session, whose move the laboratory has to confirm."""
    instrument.policy.needs_confirmation = True
    instrument.policy.save()
    start = next_monday_at(9) - timedelta(minutes=30)
    booking = BookingFactory(award=award, start=start, session__operator=researcher)
    booking.session.messages.create(author=researcher, text="Bring the long loops", sent_at=timezone.now())
    invite_guest(booking, "guest@example.org", by=researcher)
    later = next_monday_at(11)
    move_booking(booking, Span(later, later + timedelta(hours=2)), by=researcher)
    booking.refresh_from_db()
    return booking


def guests_told():
    return list(Notification.objects.filter(kind__startswith="bookings.guest_").values_list("kind", flat=True))


def test_a_session_keeps_its_talk_and_guests_while_the_laboratory_is_asked_again(
    asked_again, client, researcher, operator
):
    session = Session.objects.get(booking=asked_again)
    assert (asked_again.state, session.state, session.starts_at) == ("requested", "cancelled", asked_again.start)
    assert (session.operator, guests_told()) == (None, [])
    client.force_login(researcher)
    page = client.get(session.get_absolute_url()).content.decode()
    assert "the laboratory is asked whether it can be then" in page
    assert "Bring the long loops" in page
    confirm_booking(asked_again, by=operator)
    again = Session.objects.get(booking=asked_again)
    assert (again.pk, again.state, again.starts_at) == (session.pk, SessionState.SCHEDULED, asked_again.start)
    assert [message.text for message in again.messages.all()] == ["Bring the long loops"]
    assert [guest.email for guest in again.guests.invited()] == ["guest@example.org"]
    assert guests_told() == ["bookings.guest_moved"]
    assert [row.verb for row in history_of(again)][:2] == ["resume", "cancel"]
    assert list(broken_promises()) == []


@pytest.mark.parametrize(
    "end",
    [
        lambda booking, by: decline_booking(booking, by=by, why="Full"),
        lambda booking, by: cancel_booking(booking, by=by),
        lambda booking, by: move_and_cancel(booking, by),
    ],
)
def test_what_is_not_confirmed_again_ends_and_its_guests_hear_so(asked_again, operator, end):
    end(asked_again, operator)
    assert Session.objects.get(booking=asked_again).state == SessionState.CANCELLED
    assert guests_told() == ["bookings.guest_off"]


def move_and_cancel(booking, by):
    other = next_monday_at(12)
    move_booking(booking, Span(other, other + timedelta(hours=2)), by=booking.award.holder)
    booking.refresh_from_db()
    cancel_booking(booking, by=by)


def test_nobody_is_written_to_without_end(booking, researcher, monkeypatch):
    monkeypatch.setattr(invitations, "MOST_EVER", 2)
    for _ in range(2):
        withdraw_guest(booking, invite_guest(booking, "a@example.org", by=researcher), by=researcher)
    with pytest.raises(Refused) as refusal:
        invite_guest(booking, "a@example.org", by=researcher)
    assert refusal.value.codes == ["too_many"]


@pytest.mark.parametrize("mode", [AccessMode.REMOTE_CONTROL, AccessMode.OBSERVED])
def test_behind_a_link_chat_and_people_are_the_same(client, booking, researcher, operator, mode):
    Desktop.objects.all().delete()
    booking.instrument.access_mode = mode
    booking.instrument.save()
    assert sent(client, operator, "say", booking, text="I am at the microscope.").status_code == 302
    assert "I am at the microscope." in seen(client, researcher, "detail", booking)
    people = seen(client, researcher, "people", booking)
    assert operator.name in people
    assert "in the chat" in people


def test_a_write_that_fails_leaves_nothing(booking, researcher, operator, monkeypatch):
    come(booking, researcher)

    def broken(*args, **kwargs):
        raise DatabaseError

    for module, name, deed in (
        (control_actions, "record", lambda: control_actions.ask_control(booking, by=researcher)),
        (invitations, "notify", lambda: invite_guest(booking, "a@example.org", by=operator)),
        (actions.news, "session_changed", lambda: say(booking, "Hello", by=researcher)),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, broken)
            with pytest.raises(DatabaseError):
                deed()
    assert Session.objects.get().controller is None
    for rows in (Guest.objects, ChatMessage.objects, history_of(booking.session)):
        assert not rows.exists()


# --- The page -------------------------------------------------------------------------------------


def test_the_page_holds_the_room_and_works_without_javascript(client, booking, researcher, guest):
    page = seen(client, researcher, "detail", booking)
    for name in FRAGMENTS:
        assert f'data-refresh="{address(name, booking)}"' in page
    for name in ("say", "guest_invite", "guest_withdraw"):
        assert f'action="{address(name, booking)}"' in page
    assert "form_key" in page
    watching = seen(client, guest, "detail", booking)
    assert address("guest_invite", booking) not in watching
    assert address("log", booking) not in watching
    assert address("say", booking) in watching


def test_afterwards_the_chat_is_still_there(client, booking, researcher):
    say(booking, "Thank you all", by=researcher)
    Session.objects.update(state=SessionState.ENDED, closed_at=timezone.now())
    page = seen(client, researcher, "detail", booking)
    assert "Thank you all" in page
    assert address("report", booking) in page
    assert address("guest_invite", booking) not in page
