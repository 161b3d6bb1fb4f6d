"""Every exception leaves matches, needs and offers in a state from which they go on."""

import pytest

from donations.actions import shipment as actions
from donations.actions.shipment import Short, trouble
from donations.enums import MatchState
from donations.models import Match
from portal.audit.models import Record
from portal.core.errors import Refused, WrongState
from tests.donations.shipments.steps import numbers, told, verbs
from tests.factories.donations import AcceptedMatchFactory

pytestmark = pytest.mark.django_db

UNTOUCHED = {"need": ("matched", 3), "offer": ("matched", 3, 0)}
BACK = {"need": ("open", 0), "offer": ("vetted", 0, 0)}
GONE = {"need": ("open", 0), "offer": ("lost", 0, 3)}


def test_held_and_goes_on(sent, match, receiver):
    actions.hold_shipment(sent, by=sent.donor, why="Customs ask for the certificate.")
    sent.refresh_from_db()
    assert (sent.state, sent.trouble) == ("held", "Customs ask for the certificate.")
    assert told("held") == {receiver.email, sent.made_by.email}
    actions.move_on(sent, "resume", by=receiver)
    actions.hold_shipment(sent, by=sent.donor, why="Customs ask again.")
    assert numbers(match) == UNTOUCHED
    sent.refresh_from_db()
    assert sent.state == "held"


def test_lost(sent, match, receiver, staff):
    actions.lose_shipment(sent, by=staff, why="The ship went down.")
    match.refresh_from_db()
    assert (match.state, match.why) == (MatchState.FAILED, "The ship went down.")
    assert numbers(match) == GONE
    assert told("lost") == {sent.donor.email, receiver.email, sent.made_by.email}
    assert not sent.places.filter(is_open=True).exists()


def test_damaged_then_repaired_all_of_it(sent, match, receiver, staff):
    actions.report_damage(sent, by=receiver, why="A crate fell.")
    assert numbers(match) == UNTOUCHED
    actions.repair_shipment(sent, by=receiver, words="A new lid.")
    sent.refresh_from_db()
    assert (sent.state, sent.received_by, sent.trouble) == ("received", receiver, "")
    actions.close_shipment(sent, by=staff)
    assert numbers(match) == {"need": ("fulfilled", 3), "offer": ("handed_over", 3, 0)}


def test_damaged_then_repaired_but_one(sent, match, receiver, staff):
    actions.report_damage(sent, by=receiver, why="A crate fell.")
    actions.repair_shipment(sent, by=receiver, words="One is beyond it.", short={match.pk: Short(broken=1)})
    assert numbers(match) == {"need": ("open", 2), "offer": ("matched", 2, 1)}
    assert Match.objects.get(state="failed").quantity == 1
    actions.close_shipment(sent, by=staff)
    assert numbers(match) == {"need": ("open", 2), "offer": ("handed_over", 2, 1)}


def test_damaged_then_abandoned(sent, match, receiver, staff):
    actions.report_damage(sent, by=receiver, why="A crate fell.")
    actions.abandon_shipment(sent, by=staff, why="Not worth a repair.")
    assert numbers(match) == GONE
    assert told("abandoned") == {sent.donor.email, receiver.email, sent.made_by.email}


@pytest.mark.parametrize("state", ["draft", "quoted", "funded"])
def test_abandoned_before_it_leaves(shipment, match, staff, state):
    shipment.state = state
    shipment.save()
    actions.abandon_shipment(shipment, by=staff, why="The laboratory moves.")
    assert numbers(match) == BACK
    assert not Match.objects.to_ship().exists()


@pytest.mark.parametrize(("goes_back", "after"), [(True, BACK), (False, GONE)])
def test_abandoned_while_it_is_held(sent, match, staff, goes_back, after):
    actions.hold_shipment(sent, by=staff, why="Customs will not have it.")
    actions.abandon_shipment(sent, by=staff, why="Too dear to fight for.", goes_back=goes_back)
    assert numbers(match) == after


def test_two_matches_of_one_need_go_back_together(shipment, match, staff):
    need = match.need
    need.quantity, need.quantity_matched = 4, 3
    need.state = "open"
    need.save()
    other = AcceptedMatchFactory(need=need, offer__donor=match.offer.donor)
    shipment.places.create(match=other)
    actions.abandon_shipment(shipment, by=staff, why="Not now.")
    assert numbers(match)["need"] == ("open", 0)
    assert numbers(other)["offer"] == ("vetted", 0, 0)


def test_a_match_given_up_by_itself_is_left_alone(sent, match, staff):
    match.state = "failed"
    match.save()
    actions.hold_shipment(sent, by=staff, why="What is in it?")
    actions.abandon_shipment(sent, by=staff, why="Nothing is in it.")
    assert verbs(match) == []


@pytest.mark.parametrize("deed", [actions.lose_shipment, actions.report_damage, actions.hold_shipment])
def test_no_trouble_without_a_reason(sent, staff, deed):
    with pytest.raises(Refused) as refused:
        deed(sent, by=staff, why="  ")
    assert refused.value.codes == ["no_reason"]


def test_what_is_over_stays_so(sent, staff):
    actions.lose_shipment(sent, by=staff, why="Gone.")
    deeds = [
        lambda: actions.abandon_shipment(sent, by=staff, why="Gone."),
        lambda: actions.receive_shipment(sent, by=staff, received_on=sent.sent_on),
        lambda: actions.close_shipment(sent, by=staff),
    ]
    for deed in deeds:
        with pytest.raises(Refused):
            deed()
    with pytest.raises(WrongState):
        actions.report_damage(sent, by=staff, why="Gone.")


def test_a_second_write_that_fails_leaves_nothing(sent, match, staff, monkeypatch):
    def fail(*args, **options):
        raise OSError("disk full")

    monkeypatch.setattr(trouble, "tell", fail)
    with pytest.raises(OSError, match="disk full"):
        actions.lose_shipment(sent, by=staff, why="Gone.")
    sent.refresh_from_db()
    assert sent.state == "in_transit"
    assert numbers(match) == UNTOUCHED
    assert not Record.objects.exists()
