"""The log of a session: everything in one order, for those who may read it."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from bookings.actions.room import control
from bookings.actions.room.chat import say
from bookings.actions.room.guests import invite_guest
from bookings.enums import Leaving, Part
from portal.audit.actions import record
from tests.bookings.after_session.steps import address, come, end
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


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


def test_the_log_calls_the_clock_by_its_name_in_french(client, over, researcher):
    record(over.session, "end", by=None)
    client.force_login(researcher)
    with translation.override("fr"):
        page = client.get(address("log", over)).content.decode()
    assert "l’horloge" in page
    assert "the clock" not in page


def test_once_it_is_over_the_page_leads_to_how_it_went_by_itself(client, booking, researcher):
    guest = UserFactory(email="guest@example.org")
    guest.emailaddress_set.create(email=guest.email, verified=True, primary=True)
    invite_guest(booking, guest.email, by=researcher)

    def shows(person):
        client.force_login(person)
        return address("report", booking) in client.get(address("state", booking)).content.decode()

    assert not shows(researcher)
    end(booking)
    assert shows(researcher)
    assert not shows(guest)


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
