"""A shipment of three pieces, and how far it has come."""

import pytest
from django.utils import timezone

from donations.models import Shipment
from tests.donations.shipments.steps import pack, packed
from tests.factories.donations import AcceptedMatchFactory, ShipmentFactory


@pytest.fixture
def match(db):
    return AcceptedMatchFactory(need__quantity=3, offer__quantity=3, quantity=3)


@pytest.fixture
def shipment(match) -> Shipment:
    """Paid for and not packed."""
    return ShipmentFactory(
        match=match,
        places=[match],
        state="funded",
        payer="donor",
        customs_payer="recipient",
        pick_up="Loading bay 2, Lyon",
        deliver_to="Stores, Building 4",
    )


@pytest.fixture
def sent(shipment, match) -> Shipment:
    """On its way, all three pieces in one parcel."""
    pack(shipment, packed({match: 3}))
    shipment.state, shipment.sent_on = "in_transit", timezone.now().date()
    shipment.save()
    return shipment


@pytest.fixture
def receiver(match):
    return match.need.asked_by
