"""The room of a session in the API, as its pages."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from bookings.enums import Part, SessionState
from bookings.models import Attendance, ChatMessage, Guest, Session
from tests.factories.accounts import UserFactory
from tests.factories.bookings import BookingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(award, researcher):
    start = timezone.now() - timedelta(minutes=10)
    return BookingFactory(award=award, start=start, session__state=SessionState.LIVE)


@pytest.mark.parametrize("rows", [1, 3])
def test_live_sessions_are_listed_in_the_same_number_of_statements(
    researcher, operator, award, rows, django_assert_num_queries
):
    """Each with the link for those who pass its door, and without it for staff, who only watch."""
    award.instrument.link = "https://lab.example.org/door"
    award.instrument.save()
    for number in range(rows):
        unit = award.instrument.units.create(name=f"Another {number}")
        start = timezone.now() - timedelta(minutes=10)
        BookingFactory(award=award, unit=unit, start=start, session__state=SessionState.LIVE)
    client = APIClient()
    for person, link in ((researcher, True), (operator, True), (UserFactory(is_staff=True), False)):
        client.force_authenticate(person)
        with django_assert_num_queries(2):
            sessions = client.get("/api/v1/sessions/").json()["results"]
        assert [bool(session["link"]) for session in sessions] == [link] * rows


@pytest.fixture
def call(booking):
    """Ask one address of the room as somebody: the status and what was answered."""

    def ask(person, what, data=None, **query):
        client = APIClient()
        client.force_authenticate(person)
        address = f"/api/v1/sessions/{booking.ref}/{what}/"
        response = client.get(address, query) if data is None else client.post(address, data, format="json")
        return response.status_code, response.json()

    return ask


def come(booking, *people):
    now = timezone.now()
    for person in people:
        Attendance.objects.create(
            session=booking.session, user=person, part=Part.RESEARCHER, relay="r1", joined_at=now, seen_at=now
        )


def test_who_is_there_and_who_holds_control(call, booking, researcher, operator):
    come(booking, researcher, operator)
    status, people = call(researcher, "control", {"verb": "ask"})
    assert status == 200
    assert [(person["name"], person["part"], person["has_control"]) for person in people] == [
        (researcher.name, "researcher", True),
        (operator.name, "operator", False),
    ]
    assert call(researcher, "control", {"verb": "hand_over", "to": operator.pk})[0] == 200
    assert Session.objects.get().controller == operator
    assert call(operator, "control", {"verb": "release"})[0] == 200
    assert call(researcher, "people")[1][0]["has_control"] is False


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({}, 400),
        ({"verb": "seize"}, 400),
        ({"verb": "hand_over"}, 400),
        ({"verb": "hand_over", "to": "x"}, 400),
        ({"verb": "hand_over", "to": 10**30}, 400),
        ({"verb": "hand_over", "to": 1}, 422),
        ({"verb": "take"}, 403),
        ({"verb": "ask"}, 422),
    ],
)
def test_what_control_refuses(call, booking, researcher, data, status):
    assert call(researcher, "control", data)[0] == status
    assert Session.objects.get().controller is None


def test_chat_is_read_from_where_one_was(call, booking, researcher, operator):
    first = call(researcher, "chat", {"text": "Ready?"})
    assert (first[0], first[1]["author"], first[1]["text"]) == (201, researcher.name, "Ready?")
    call(operator, "chat", {"text": "Ready."})
    assert [message["text"] for message in call(researcher, "chat")[1]] == ["Ready?", "Ready."]
    assert [message["text"] for message in call(researcher, "chat", after=first[1]["id"])[1]] == ["Ready."]
    for after in ("x", "-1", "9" * 40, ""):
        assert call(researcher, "chat", after=after)[0] == 400
    for text in ("", "x" * 1001, None):
        assert call(researcher, "chat", {"text": text})[0] == 400
    assert ChatMessage.objects.count() == 2


def test_guests_watch_and_nothing_else(call, booking, researcher, operator):
    guest = UserFactory(email="guest@example.org")
    guest.emailaddress_set.create(email=guest.email, verified=True, primary=True)
    assert call(guest, "people")[0] == 404
    assert call(researcher, "guests", {"email": "Guest@Example.org"}) == (201, [{"email": "guest@example.org"}])
    assert call(operator, "guests") == (200, [{"email": "guest@example.org"}])
    assert call(guest, "people")[0] == 200
    assert call(guest, "chat", {"text": "Hello"})[0] == 201
    assert call(guest, "guests")[0] == 403
    assert call(guest, "guests", {"email": "other@example.org"})[0] == 403
    assert call(guest, "guests/withdraw", {"email": guest.email})[0] == 403
    for verb in ("begin", "end"):
        assert call(guest, verb, {})[0] == 403
    assert call(guest, "control", {"verb": "ask"})[0] == 403
    assert call(researcher, "guests/withdraw", {"email": "nobody@example.org"})[0] == 400
    assert call(researcher, "guests/withdraw", {"email": guest.email}) == (200, [])
    assert call(guest, "people")[0] == 404
    assert Guest.objects.get().withdrawn_at is not None


@pytest.mark.parametrize("who", ["stranger_researcher", "stranger_operator", "donor"])
def test_strangers_find_nothing(request, call, who):
    stranger = request.getfixturevalue(who)
    for what, data in (
        ("people", None),
        ("chat", None),
        ("guests", None),
        ("chat", {"text": "x"}),
        ("control", {"verb": "ask"}),
    ):
        assert call(stranger, what, data)[0] == 404
    assert not ChatMessage.objects.exists()
