"""The pages of donations that the looks, the weights and the crawl go through, and the rows behind them."""

from typing import Any

from donations.enums import MatchState, ShipmentState
from donations.models import Batch, MatchingRun, Shipment
from tests.factories.donations import (
    AcceptedMatchFactory,
    ApprovedMatchFactory,
    FollowUpFactory,
    MatchFactory,
    NeedFactory,
    OfferDraftFactory,
    OfferFactory,
    PledgeFactory,
    ShipmentFactory,
)
from tests.journeys.stop import Stop

FORTY = "category,title\ncentrifuges,Bench centrifuge\nspaceships,Odd one\n"
NEED_SECTIONS = ("what", "why", "must", "place", "keeping", "delivery", "photos")
OFFER_SECTIONS = ("thing", "condition", "test", "supply", "extras", "photos", "papers", "place", "rights")

GIFTS = [
    Stop("equipment", "visitor", "/donations/", "public"),
    Stop("needs", "visitor", "/donations/needs/", "public"),
    Stop("needs-none", "visitor", "/donations/needs/?q=nothingsuch", "public"),
    Stop("need", "visitor", "/donations/needs/{need}/", "public"),
    Stop("offers", "visitor", "/donations/offers/", "public"),
    Stop("offer", "visitor", "/donations/offers/{piece}/", "public"),
    Stop("follow-up", "visitor", "/donations/follow-up/{follow_up}/", "public"),
    Stop("follow-up-unknown", "visitor", "/donations/follow-up/nosuch/", "public", 404),
    Stop("need-start", "focal_point", "/donations/need/", "public"),
    Stop("needs-own", "focal_point", "/donations/needs/own/", "public"),
    Stop("need-own", "focal_point", "/donations/needs/{need_draft}/", "public"),
    *[Stop(f"need-{name}", "focal_point", f"/donations/need/{{need_draft}}/{name}/", "step") for name in NEED_SECTIONS],
    Stop("need-check", "focal_point", "/donations/need/{need_draft}/check/", "public"),
    Stop("need-withdraw", "focal_point", "/donations/needs/{need_draft}/withdraw/", "public"),
    Stop("matches", "focal_point", "/donations/matches/", "public"),
    Stop("match", "focal_point", "/donations/matches/{match}/", "public"),
    Stop("match-refuse", "focal_point", "/donations/matches/{match}/need/refuse/", "public"),
    Stop("shipments", "focal_point", "/donations/shipments/", "public"),
    Stop("shipment", "focal_point", "/donations/shipments/{shipment}/", "public"),
    Stop("shipment-receive", "focal_point", "/donations/shipments/{shipment}/receive/", "public"),
    Stop("equipment-of", "focal_point", "/organisations/{institute}/equipment/", "public"),
    Stop("offer-start", "donor", "/donations/offer/", "public"),
    Stop("offers-mine", "donor", "/donations/offers/mine/", "public"),
    Stop("offer-own", "donor", "/donations/offers/{offer_draft}/", "public"),
    *[Stop(f"offer-{name}", "donor", f"/donations/offer/{{offer_draft}}/{name}/", "step") for name in OFFER_SECTIONS],
    Stop("offer-check", "donor", "/donations/offers/{offer_draft}/check/", "public"),
    Stop("offer-withdraw", "donor", "/donations/offers/{offer_draft}/withdraw/", "public"),
    Stop("offer-many", "donor", "/donations/offer/many/", "public"),
    Stop("offer-batch", "donor", "/donations/offer/many/{batch}/", "public"),
    Stop("given", "donor", "/donations/given/", "public"),
    Stop("pledges", "donor", "/donations/pledges/", "public"),
    Stop("pledge-new", "donor", "/donations/pledges/new/", "public"),
    Stop("pledge", "donor", "/donations/pledges/{pledge}/", "public"),
    Stop("donor-me", "donor", "/me/", "public"),
    Stop("desk-donations", "staff", "/desk/donations/", "staff"),
    *[
        Stop(f"desk-{name}", "staff", f"/desk/donations/{name}/", "staff")
        for name in ("needs", "offers", "matches", "shipments", "pledges", "follow-ups")
    ],
    Stop("desk-need", "staff", "/desk/donations/needs/{need_in}/", "staff"),
    Stop("desk-offer", "staff", "/desk/donations/offers/{offer_in}/", "staff"),
    Stop("desk-matching", "staff", "/desk/donations/matching/", "staff"),
    Stop("desk-alternatives", "staff", "/desk/donations/matching/{need}/", "staff"),
    Stop("desk-match", "staff", "/donations/matches/{proposed}/", "staff"),
    Stop("desk-match-reject", "staff", "/donations/matches/{proposed}/reject/", "staff"),
    Stop("desk-match-fail", "staff", "/donations/matches/{match}/fail/", "staff"),
    Stop("desk-to-make", "staff", "/donations/shipments/to-make/", "staff"),
    Stop("desk-shipment", "staff", "/donations/shipments/{in_hand}/", "staff"),
    Stop("desk-parcel", "staff", "/donations/shipments/{in_hand}/parcels/new/", "staff"),
    Stop("desk-quotation", "staff", "/donations/shipments/{in_hand}/quotations/new/", "staff"),
    Stop("desk-fund", "staff", "/donations/shipments/{in_hand}/fund/", "staff"),
    Stop("desk-track", "staff", "/donations/shipments/{shipment}/track/", "staff"),
    Stop("desk-hold", "staff", "/donations/shipments/{shipment}/hold/", "staff"),
    Stop("desk-lose", "staff", "/donations/shipments/{shipment}/lose/", "staff"),
]


def gifts(cast: dict[str, Any]) -> dict[str, str]:
    """A need and an offer of every age, a match, a shipment, a follow-up and a pledge."""
    asks = {"organisation": cast["institute"], "asked_by": cast["focal_point"]}
    between = {f"need__{name}": value for name, value in asks.items()} | {"offer__donor": cast["donor"]}
    need, offer = NeedFactory(**asks), OfferFactory(donor=cast["donor"])
    pair = {"need": need.pk, "offer": offer.pk, "score": 812}
    reasons = [["mains", {"volts": 230, "hertz": 50}], ["people", {"people": 120}]]
    MatchingRun.objects.create(
        finished_at=need.public_at, needs=1, offers=1, pairs=[pair | {"quantity": 1, "reasons": reasons, "parts": {}}]
    )
    sent, prepared = (AcceptedMatchFactory(**between) for _ in range(2))
    shipment = ShipmentFactory(match=sent, places=[sent])
    Shipment.objects.filter(pk=shipment.pk).update(state=ShipmentState.IN_TRANSIT)
    batch = Batch.objects.create(owner=cast["donor"], name="forty.csv", content=FORTY, rows=2, faulty=1)
    return {
        "need": need.ref,
        "piece": offer.ref,
        "need_draft": NeedFactory(**asks, state="draft", public_at=None).ref,
        "need_in": NeedFactory(**asks, state="submitted", public_at=None).ref,
        "offer_draft": OfferDraftFactory(donor=cast["donor"]).ref,
        "offer_in": OfferFactory(donor=cast["donor"], state="vetting", public_at=None).ref,
        "match": ApprovedMatchFactory(**between).ref,
        "proposed": MatchFactory(**between, state=MatchState.PROPOSED).ref,
        "shipment": shipment.ref,
        "in_hand": ShipmentFactory(match=prepared, places=[prepared]).ref,
        "follow_up": FollowUpFactory(**{f"match__{name}": value for name, value in between.items()}).token,
        "pledge": PledgeFactory(donor=cast["donor"]).ref,
        "batch": str(batch.pk),
    }
