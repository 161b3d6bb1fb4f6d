"""Several people at one shipment, or one pledge: real transactions on real connections."""

from collections import Counter

import pytest
from django.utils import timezone

from donations.actions import shipment as actions
from donations.models import Pledge, Shipment
from tests.bookings.test_races import all_at_once
from tests.donations.shipments.steps import numbers
from tests.factories.donations import AcceptedMatchFactory, NeedFactory, PledgeFactory, ShipmentFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_match_is_in_one_shipment(match, staff):
    outcomes = all_at_once(lambda one: actions.make_shipment([one], by=staff), [match] * 4, threads=4)
    assert Counter(type(outcome).__name__ for outcome in outcomes) == {"Shipment": 1, "Refused": 3}


def test_a_pledge_pays_no_more_than_it_has(staff):
    pledge = PledgeFactory(state="agreed", amount_eur=500)
    shipments = []
    for _number in range(4):
        match = AcceptedMatchFactory()
        shipments.append(ShipmentFactory(match=match, places=[match]))
    outcomes = all_at_once(
        lambda row: actions.fund_shipment(row, payer="pledge", pledge=pledge, cost_eur=200, by=staff),
        shipments,
        threads=4,
    )
    assert Counter(type(outcome).__name__ for outcome in outcomes) == {"Shipment": 2, "Refused": 2}
    assert Pledge.objects.get().spent_eur == 400
    assert Shipment.objects.filter(state="funded").count() == 2


def test_received_and_lost_at_once_is_one_of_them(sent, match, receiver, staff):
    deeds = [
        lambda: actions.receive_shipment(sent, by=receiver, received_on=timezone.localdate()),
        lambda: actions.lose_shipment(sent, by=staff, why="Gone."),
    ]
    all_at_once(lambda deed: deed(), deeds, threads=2)
    sent.refresh_from_db()
    lost = {"need": ("open", 0), "offer": ("lost", 0, 3)}
    came = {"need": ("matched", 3), "offer": ("matched", 3, 0)}
    assert numbers(match) == {"lost": lost, "received": came}[sent.state]


def test_shipments_with_the_same_needs_do_not_stand_in_each_other_s_way(staff):
    needs = [NeedFactory(quantity=4) for _ in range(2)]
    shipments = []
    for number in range(4):
        matches = [AcceptedMatchFactory(need=need) for need in (needs if number % 2 else needs[::-1])]
        shipments.append(ShipmentFactory(match=matches[0], places=matches))
    outcomes = all_at_once(lambda row: actions.abandon_shipment(row, by=staff, why="No."), shipments, threads=4)
    assert all(isinstance(outcome, Shipment) for outcome in outcomes), outcomes
    for need in needs:
        need.refresh_from_db()
        assert (need.state, need.quantity_matched) == ("open", 0)
