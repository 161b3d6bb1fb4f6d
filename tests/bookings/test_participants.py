"""Who takes part in a booking, changed later: by page and API, told to those who come and go, with the same rules."""

import pytest
from rest_framework.test import APIClient

from bookings.actions import participants
from bookings.actions.booking import book_time
from bookings.actions.changes import cancel_booking
from bookings.actions.participants import set_participants
from portal.audit.actions import history_of
from portal.core.errors import Forbidden, Refused
from portal.notifications.models import Notification
from tests.factories.accounts import UserFactory
from tests.factories.trainings import CertificateFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(award):
    user = UserFactory(name="Meriem Member")
    award.members.add(user)
    return user


@pytest.fixture
def booking(instrument, award, monday, researcher):
    return book_time(instrument, monday, award, by=researcher)


def told():
    kinds = ["bookings.added", "bookings.removed"]
    return sorted(Notification.objects.filter(kind__in=kinds).values_list("kind", "address"))


def test_those_who_come_and_those_who_go_are_told(booking, focal_point, researcher, member) -> None:
    set_participants(booking, [member], by=focal_point)
    assert list(booking.participants.all()) == [member]
    assert told() == [("bookings.added", member.email), ("bookings.removed", researcher.email)]
    entry = history_of(booking)[0]
    assert (entry.verb, entry.by) == ("change_people", focal_point)
    assert entry.details == {"come": [member.pk], "gone": [researcher.pk]}


def test_who_comes_goes_and_comes_again_is_told_each_time(booking, researcher, member, focal_point) -> None:
    for people in ([researcher, member], [researcher], [researcher, member]):
        set_participants(booking, people, by=focal_point)
    assert told() == [("bookings.added", member.email)] * 2 + [("bookings.removed", member.email)]


def test_the_same_people_again_change_nothing(booking, researcher, focal_point) -> None:
    set_participants(booking, [researcher], by=focal_point)
    assert told() == []
    assert history_of(booking).count() == 1


def test_who_changes_it_is_not_told(booking, researcher, member) -> None:
    set_participants(booking, [member], by=researcher)
    assert told() == [("bookings.added", member.email)]


def test_only_the_awards_people_take_part(booking, researcher) -> None:
    with pytest.raises(Refused) as refusal:
        set_participants(booking, [researcher, UserFactory()], by=researcher)
    assert refusal.value.codes == ["not_of_the_award"]
    with pytest.raises(Refused) as refusal:
        set_participants(booking, [], by=researcher)
    assert refusal.value.codes == ["nobody"]
    assert list(booking.participants.all()) == [researcher]


def test_one_of_them_must_hold_the_certificate(booking, instrument, researcher, member) -> None:
    instrument.policy.needs_certificate = True
    instrument.policy.save()
    CertificateFactory(instrument=instrument, person=researcher)
    set_participants(booking, [researcher, member], by=researcher)
    with pytest.raises(Refused) as refusal:
        set_participants(booking, [member], by=researcher)
    assert refusal.value.codes == ["certificate_missing"]


def test_a_booking_given_up_or_over_keeps_its_people(booking, researcher, member, monday, time_machine) -> None:
    time_machine.move_to(monday.end, tick=False)
    with pytest.raises(Refused) as refusal:
        set_participants(booking, [member], by=researcher)
    assert refusal.value.codes == ["over"]
    time_machine.move_to(monday.start - (monday.end - monday.start), tick=False)
    cancel_booking(booking, by=researcher)
    with pytest.raises(Refused) as refusal:
        set_participants(booking, [member], by=researcher)
    assert refusal.value.codes == ["over"]


@pytest.mark.parametrize("who", ["operator", "stranger_focal_point", "donor", "member"])
def test_others_change_nobody(request, booking, member, who) -> None:
    with pytest.raises(Forbidden):
        set_participants(booking, [member], by=request.getfixturevalue(who))
    assert told() == []


def test_a_second_write_that_fails_leaves_nothing(booking, researcher, member, monkeypatch) -> None:
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(participants, "notify_each", fail)
    with pytest.raises(RuntimeError):
        set_participants(booking, [member], by=researcher)
    assert list(booking.participants.all()) == [researcher]
    assert history_of(booking).count() == 1


def test_the_page_and_the_api_do_it(client, booking, researcher, member) -> None:
    client.force_login(researcher)
    address = f"/en/bookings/{booking.ref}/people/"
    page = client.get(address).content.decode()
    assert page.count('type="checkbox"') == 2
    assert address in client.get(booking.get_absolute_url()).content.decode()
    assert client.post(address, {"participants": [researcher.pk, member.pk]}).status_code == 302
    assert set(booking.participants.all()) == {researcher, member}
    for wrong in ({}, {"participants": [UserFactory().pk]}, {"participants": ["x"]}):
        assert client.post(address, wrong).status_code == 400

    api = APIClient()
    api.force_login(researcher)
    address = f"/api/v1/bookings/{booking.ref}/participants/"
    assert api.post(address, {"participants": [member.email.upper()]}, format="json").status_code == 200
    assert list(booking.participants.all()) == [member]
    for addresses in ([], ["nobody@example.org"], [UserFactory().email], "x"):
        assert api.post(address, {"participants": addresses}, format="json").status_code == 400
    assert list(booking.participants.all()) == [member]


def test_the_laboratory_does_not_see_the_page(client, booking, operator) -> None:
    client.force_login(operator)
    assert client.get(f"/en/bookings/{booking.ref}/people/").status_code == 403
    assert "/people/" not in client.get(booking.get_absolute_url()).content.decode()
