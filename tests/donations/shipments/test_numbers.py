"""Whatever is done to shipments, in whatever order: no piece comes into being, none is gone without being counted."""

from random import Random

import pytest
from django.utils import timezone

from donations.actions import shipment as actions
from donations.actions.shipment import Short
from donations.enums import HOLDING, NeedState, OfferState
from donations.models import Match, Need, Offer, Shipment
from portal.core.errors import Refused
from tests.donations.shipments.steps import pack, packed
from tests.factories.accounts import OrganisationFactory
from tests.factories.donations import AcceptedMatchFactory, NeedFactory, OfferFactory

pytestmark = pytest.mark.django_db

PIECES = 3


def check_numbers() -> None:
    for model, name in ((Need, "need"), (Offer, "offer")):
        for row in model.objects.all():
            held = Match.objects.filter(**{name: row}, state__in=HOLDING)
            assert row.quantity_matched == sum(match.quantity for match in held)
            assert (row.state in (NeedState.OPEN, OfferState.VETTED)) == (row.left > 0)
    for shipment in Shipment.objects.exclude(pk__in=Shipment.objects.open().values("pk")):
        assert not shipment.places.filter(is_open=True).exists()


def some(random: Random, shipment: Shipment) -> dict[int, Short]:
    return {
        match.pk: Short(random.randrange(0, 2), random.randrange(0, 3))
        for match in shipment.matches.all()
        if random.random() < 0.5
    }


def do_something(random: Random, shipment: Shipment, staff) -> None:
    today = timezone.localdate()
    deeds = [
        lambda: actions.fund_shipment(shipment, payer="donor", by=staff),
        lambda: actions.send_shipment(shipment, sent_on=today, by=staff),
        lambda: actions.move_on(shipment, random.choice(["reach_customs", "clear_customs", "resume"]), by=staff),
        lambda: actions.hold_shipment(shipment, by=staff, why="Why not."),
        lambda: actions.receive_shipment(
            shipment, by=staff, received_on=today, words="Counted.", short=some(random, shipment)
        ),
        lambda: actions.report_damage(shipment, by=staff, why="It fell."),
        lambda: actions.repair_shipment(shipment, by=staff, words="Mended.", short=some(random, shipment)),
        lambda: actions.put_to_use(shipment, "use", by=staff),
        lambda: actions.close_shipment(shipment, by=staff),
        lambda: actions.lose_shipment(shipment, by=staff, why="Gone."),
        lambda: actions.abandon_shipment(shipment, by=staff, why="Enough.", goes_back=random.random() < 0.5),
    ]
    weights = [9, 9, 4, 3, 9, 3, 3, 3, 3, 1, 1]
    try:
        random.choices(deeds, weights)[0]()
    except Refused:
        return  # the table of moves says no: nothing must have changed


@pytest.mark.parametrize("seed", range(6))
def test_numbers_add_up_whatever_happens(seed, staff):
    random = Random(seed)
    home = OrganisationFactory()
    matches = [
        AcceptedMatchFactory(
            need=NeedFactory(quantity=PIECES, organisation=home),
            offer=OfferFactory(quantity=PIECES, donor=staff),
            quantity=PIECES,
        )
        for _match in range(2)
    ]
    shipment = actions.make_shipment(matches, by=staff)
    Shipment.objects.update(customs_payer="donor")
    pack(shipment, packed(dict.fromkeys(matches, PIECES), "500"))
    for _step in range(40):
        do_something(random, shipment, staff)
        check_numbers()
    shipment.refresh_from_db()
    assert shipment.state != "draft"
