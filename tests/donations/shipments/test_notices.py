"""What is told of a shipment, and when it is no longer worth saying."""

import pytest

from donations.actions import shipment as actions
from portal.notifications.kinds import KINDS
from portal.notifications.models import Notification
from portal.notifications.rendering import Renderer
from tests.donations.shipments.steps import told
from tests.factories.accounts import MembershipFactory
from tests.house.donation_messages import SHIPPED, shipment_in

pytestmark = pytest.mark.django_db


def letter(name: str, data: dict):
    kind = KINDS[f"donations.shipment_{name}"]
    row = Notification(kind=kind.name, address="a@example.org", language="en", time_zone="UTC", data=data)
    return Renderer().letter(kind, row)


@pytest.mark.parametrize("name", SHIPPED)
def test_each_says_what_it_is_about(name):
    shipment = shipment_in(SHIPPED[name])
    found = letter(name, {"shipment": shipment.pk, "why": "A crate fell."})
    assert shipment.organisation.name in found.subject
    for text in (found.text, found.html):
        assert shipment.ref in text
        assert f"/donations/shipments/{shipment.ref}/" in text
        assert "A crate fell." in text


@pytest.mark.parametrize(("name", "state"), [("funded", "in_transit"), ("held", "in_transit"), ("customs", "received")])
def test_what_has_passed_is_not_told(name, state):
    assert letter(name, {"shipment": shipment_in(state).pk}) is None


def test_focal_points_hear_too_and_who_did_it_does_not(sent, match, focal_point, receiver):
    MembershipFactory(user=focal_point, organisation=sent.organisation, role="focal_point")
    actions.hold_shipment(sent, by=receiver, why="Customs want a stamp.")
    assert told("held") == {sent.donor.email, focal_point.email, sent.made_by.email}
    actions.move_on(sent, "resume", by=receiver)
    actions.hold_shipment(sent, by=receiver, why="They want another.")
    assert Notification.objects.filter(kind="donations.shipment_held").count() == 6
