"""Samples: declared and sent by their people, taken in and handled by the laboratory; who hears, what is refused."""

from datetime import timedelta

import pytest
from django.db import DatabaseError

from bookings.actions import sample as actions
from bookings.enums import SampleState
from bookings.models import Sample
from portal.audit.actions import history_of
from portal.audit.models import Record
from portal.core.errors import Forbidden, Refused, WrongState
from portal.notifications.models import Notification
from tests.factories.accounts import UserFactory
from tests.factories.bookings import BookingFactory
from tests.factories.calls import AwardFactory
from tests.factories.samples import SampleFactory

pytestmark = pytest.mark.django_db

FIELDS = {
    "label": "Cu-1",
    "composition": "C12H22CuO11",
    "form": "crystal",
    "quantity": "3 crystals",
    "hazards": ["toxic"],
    "hazard_words": "Gloves.",
    "is_return_wanted": True,
}


def told():
    return sorted(Notification.objects.values_list("kind", "address"))


@pytest.fixture
def sample(award):
    return SampleFactory(award=award, label="Cu-7")


@pytest.fixture
def member(award):
    user = UserFactory()
    award.members.add(user)
    return user


def codes(refusal):
    return refusal.value.codes


@pytest.mark.parametrize("who", ["researcher", "focal_point", "member", "staff"])
def test_the_awards_people_declare_what_they_send(request, award, who):
    person = request.getfixturevalue(who)
    booking = BookingFactory(award=award)
    sample = actions.declare_sample(award, FIELDS, by=person, booking=booking)
    sample.refresh_from_db()
    assert {name: getattr(sample, name) for name in FIELDS} == FIELDS
    assert (sample.state, sample.booking, sample.declared_by) == (SampleState.DECLARED, booking, person)
    assert [(entry.verb, entry.by, entry.after) for entry in history_of(sample)] == [("declare", person, "declared")]


@pytest.mark.parametrize("who", ["operator", "stranger_focal_point", "stranger_researcher", "donor"])
def test_nobody_else_declares_or_sends(request, award, sample, who):
    person = request.getfixturevalue(who)
    deeds = [
        lambda: actions.declare_sample(award, FIELDS, by=person),
        lambda: actions.change_sample(sample, FIELDS, by=person),
        lambda: actions.remove_sample(sample, by=person),
        lambda: actions.ship_sample(sample, by=person),
    ]
    for deed in deeds:
        with pytest.raises(Forbidden):
            deed()
    assert Sample.objects.get() == sample


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"label": "cu-7"}, "label_taken"),
        ({"hazards": []}, "hazard_missing"),
    ],
)
def test_what_cannot_be_declared(award, sample, researcher, change, code):
    with pytest.raises(Refused) as refusal:
        actions.declare_sample(award, FIELDS | change, by=researcher)
    assert codes(refusal) == [code]
    assert Sample.objects.get() == sample


def test_a_label_may_come_again_once_its_first_sample_is_gone(award, sample, researcher):
    Sample.objects.update(state=SampleState.LOST)
    assert actions.declare_sample(award, FIELDS | {"label": "Cu-7"}, by=researcher).label == "Cu-7"


def test_another_awards_booking_an_ended_award_and_too_many(award, researcher, monkeypatch):
    with pytest.raises(Refused) as refusal:
        actions.declare_sample(award, FIELDS, by=researcher, booking=BookingFactory())
    assert codes(refusal) == ["other_booking"]

    monkeypatch.setattr(actions, "MOST", 1)
    actions.declare_sample(award, FIELDS, by=researcher)
    with pytest.raises(Refused) as refusal:
        actions.declare_sample(award, FIELDS | {"label": "Cu-2"}, by=researcher)
    assert codes(refusal) == ["too_many"]

    ended = AwardFactory(holder=researcher, state="ended")
    with pytest.raises(Refused) as refusal:
        actions.declare_sample(ended, FIELDS, by=researcher)
    assert codes(refusal) == ["award_not_active"]


def test_a_declaration_is_corrected_and_taken_back_until_it_is_sent(award, sample, researcher):
    actions.change_sample(sample, FIELDS, by=researcher)
    sample.refresh_from_db()
    assert sample.label == "Cu-1"
    actions.ship_sample(sample, by=researcher)
    for deed in (lambda: actions.change_sample(sample, FIELDS, by=researcher), lambda: remove(sample, researcher)):
        with pytest.raises(Refused) as refusal:
            deed()
        assert codes(refusal) == ["not_declared"]

    other = actions.declare_sample(award, FIELDS | {"label": "Cu-2"}, by=researcher)
    remove(other, researcher)
    remove(other, researcher)
    assert Sample.objects.get() == sample
    assert Record.objects.filter(verb="remove").count() == 1
    with pytest.raises(Refused) as refusal:
        actions.change_sample(other, FIELDS, by=researcher)
    assert codes(refusal) == ["gone"]


def remove(sample, by):
    actions.remove_sample(sample, by=by)


def test_sent_received_measured_and_sent_back(sample, researcher, operator, time_machine, monday):
    time_machine.move_to(monday.start, tick=False)
    expected = monday.start.date() + timedelta(days=3)
    sent = actions.ship_sample(sample, by=researcher, carrier="DHL", tracking="JD01", expected_on=expected)
    assert (sent.carrier, sent.tracking, sent.expected_on) == ("DHL", "JD01", expected)
    assert told() == [("bookings.sample_shipped", operator.email)]

    received = actions.receive_sample(sample, by=operator)
    assert received.received_at == monday.start
    assert received.is_at_the_laboratory
    assert ("bookings.sample_received", researcher.email) in told()
    assert list(Sample.objects.at_the_laboratory()) == [sample]

    for verb in ("mount", "dismount", "give_back"):
        moved = actions.move_sample(sample, verb, by=operator)
    assert moved.state == SampleState.RETURNED
    assert ("bookings.sample_over", researcher.email) in told()
    verbs = [(entry.verb, entry.before, entry.after) for entry in history_of(sample)]
    assert verbs == [
        ("give_back", "received", "returned"),
        ("dismount", "mounted", "received"),
        ("mount", "received", "mounted"),
        ("receive", "shipped", "received"),
        ("ship", "declared", "shipped"),
    ]


def test_a_refusal_says_why_to_its_people(sample, researcher, operator):
    with pytest.raises(Refused) as refusal:
        actions.refuse_sample(sample, by=operator, why=" ")
    assert codes(refusal) == ["no_reason"]
    refused = actions.refuse_sample(sample, by=operator, why="We take no explosives.")
    assert refused.state == SampleState.REFUSED
    assert Notification.objects.get(kind="bookings.sample_refused").data["why"] == "We take no explosives."
    assert history_of(sample)[0].why == "We take no explosives."


@pytest.mark.parametrize("who", ["researcher", "focal_point", "stranger_operator", "donor"])
def test_only_the_laboratory_takes_in_and_handles(request, sample, who):
    person = request.getfixturevalue(who)
    with pytest.raises(Forbidden):
        actions.refuse_sample(sample, by=person, why="No.")
    for verb in actions.BY_LABORATORY:
        with pytest.raises(Forbidden):
            actions.move_sample(sample, verb, by=person)
    assert Sample.objects.get().state == SampleState.DECLARED


@pytest.mark.parametrize(("by", "hears"), [("researcher", ["operator"]), ("operator", ["researcher"])])
def test_either_side_says_that_a_parcel_is_lost_and_the_other_hears(request, sample, researcher, operator, by, hears):
    actions.ship_sample(sample, by=researcher)
    Notification.objects.all().delete()
    actions.move_sample(sample, "lose", by=request.getfixturevalue(by))
    assert told() == [("bookings.sample_over", request.getfixturevalue(name).email) for name in hears]


def test_a_second_click_and_a_step_that_leads_nowhere_change_nothing(sample, researcher, operator):
    with pytest.raises(WrongState):
        actions.move_sample(sample, "mount", by=operator)
    actions.receive_sample(sample, by=operator)
    with pytest.raises(WrongState):
        actions.receive_sample(sample, by=operator)
    assert Notification.objects.filter(kind="bookings.sample_received").count() == 1
    with pytest.raises(ValueError, match="refuse"):
        actions.move_sample(sample, "refuse", by=operator)


@pytest.mark.parametrize("days", [-1, 367])
def test_a_parcel_is_expected_from_today_on_within_a_year(sample, researcher, monday, time_machine, days):
    time_machine.move_to(monday.start, tick=False)
    with pytest.raises(Refused) as refusal:
        actions.ship_sample(sample, by=researcher, expected_on=monday.start.date() + timedelta(days=days))
    assert codes(refusal) == ["expected_when"]
    assert Sample.objects.get().state == SampleState.DECLARED


def test_a_message_that_fails_leaves_nothing(sample, operator, monkeypatch):
    def broken(*args, **kwargs):
        raise DatabaseError

    monkeypatch.setattr(actions, "notify", broken)
    with pytest.raises(DatabaseError):
        actions.receive_sample(sample, by=operator)
    assert Sample.objects.get().state == SampleState.DECLARED
    assert not history_of(sample).exists()


def test_who_sees_a_sample(
    sample, researcher, focal_point, operator, staff, donor, stranger_focal_point, stranger_operator, visitor
):
    for person in (researcher, focal_point, operator, staff):
        assert list(Sample.objects.visible_to(person)) == [sample]
    for person in (donor, stranger_focal_point, stranger_operator, visitor):
        assert not Sample.objects.visible_to(person).exists()
