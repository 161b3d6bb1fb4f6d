"""Who may read which address of donations, and the rows that these addresses name."""

from typing import Any

from donations.models import Batch, OfferPaper
from portal.core.files import CheckedFile
from tests.factories.donations import (
    AcceptedMatchFactory,
    ApprovedMatchFactory,
    FollowUpFactory,
    NeedDraftFactory,
    OfferDraftFactory,
    OfferFactory,
    PhotoFactory,
    PledgeFactory,
    ShipmentFactory,
)

BOTH_SIDES = frozenset({"staff", "admin_user", "focal_point", "donor"})
STAFF = frozenset({"staff", "admin_user"})
ASKING = STAFF | {"focal_point"}
NOBODY = frozenset[str]()
SIGNED_IN = [
    *("researcher", "focal_point", "operator", "reviewer", "donor", "staff", "admin_user"),
    *("stranger_researcher", "stranger_focal_point", "stranger_operator"),
]
PEOPLE, EVERYBODY = frozenset(SIGNED_IN), frozenset(["visitor", *SIGNED_IN])
# Who is answered 200 to a GET, as in the matrix.

READERS: dict[str, frozenset[str]] = {
    "api:match-list": PEOPLE,
    "api:match-detail": BOTH_SIDES,
    "api:match-accept": NOBODY,
    "api:match-refuse": NOBODY,
    "api:need-list": EVERYBODY,
    "api:need-detail": EVERYBODY,
    "api:need-hand-in": NOBODY,
    "api:need-withdraw": NOBODY,
    "api:need-renew": NOBODY,
    "donations:index": EVERYBODY,
    "donations:photo": EVERYBODY,  # of a public need
    "donations:given": PEOPLE,
    "gifts:organisation": EVERYBODY,
    "follow_ups:answer": EVERYBODY,  # who has the link
    "follow_ups:pass_on": NOBODY,
    "follow_ups:photo": NOBODY,  # the questions come first
    "pledges:list": PEOPLE,
    "pledges:declare": PEOPLE,
    "pledges:detail": STAFF | {"donor"},
    "pledges:change": STAFF,
    "pledges:deed": STAFF | {"donor"},  # taking it back
    "desk_donations:follow_ups": STAFF,
    "desk_donations:follow_up": STAFF,
    "needs:list": EVERYBODY,
    "needs:own": PEOPLE,
    "needs:detail": EVERYBODY,  # of a public one
    "needs:start": PEOPLE,
    "needs:check": ASKING,
    "needs:step": ASKING,
    "needs:save": NOBODY,
    "needs:hand_in": NOBODY,
    "needs:photo_remove": NOBODY,
    "needs:withdraw": ASKING,
    "needs:renew": NOBODY,
    "needs:copy": NOBODY,
    "matches:list": PEOPLE,
    "matches:detail": BOTH_SIDES,
    "matches:approve": NOBODY,
    "matches:reject": STAFF,
    "matches:fail": STAFF,
    "matches:accept": NOBODY,
    "matches:refuse": BOTH_SIDES,
    "desk_donations:index": STAFF,
    "desk_donations:board": STAFF,
    "desk_donations:need": STAFF,
    "desk_donations:offer": STAFF,
    "desk_donations:check": NOBODY,
    "desk_donations:go_on": NOBODY,
    "desk_donations:ask": NOBODY,
    "desk_donations:refuse": NOBODY,
    "desk_donations:clearance": NOBODY,
    "desk_donations:clear": NOBODY,
    "desk_donations:matching": STAFF,
    "desk_donations:run": NOBODY,
    "desk_donations:alternatives": STAFF,
    "desk_donations:propose": NOBODY,
    "api:offer-list": EVERYBODY,
    "api:offer-detail": EVERYBODY,
    "api:offer-hand-in": NOBODY,
    "api:offer-withdraw": NOBODY,
    "api:offer-extend": NOBODY,
    "offers:list": EVERYBODY,
    "offers:detail": EVERYBODY,
    "offers:mine": PEOPLE,
    "offers:start": PEOPLE,
    "offers:many": PEOPLE,
    "offers:many_template": PEOPLE,
    "offers:batch": frozenset({"donor"}),
    "offers:batch_take": NOBODY,
    "offers:batch_faulty": frozenset({"donor"}),
    "offers:step": STAFF | {"donor"},
    "offers:save": NOBODY,
    "offers:check": STAFF | {"donor"},
    "offers:hand_in": NOBODY,
    "offers:withdraw": STAFF | {"donor"},
    "offers:extend": STAFF | {"donor"},
    "offers:recall": STAFF | {"donor"},
    "offers:give_back": NOBODY,
    "offers:paper": STAFF | {"donor"},
    "offers:paper_remove": NOBODY,
    "offers:photo_remove": NOBODY,
    "api:shipment-list": PEOPLE,
    "api:shipment-detail": BOTH_SIDES,
    "api:shipment-track": NOBODY,
    "shipments:list": PEOPLE,
    "shipments:to_make": STAFF,
    "shipments:make": STAFF,
    "shipments:detail": BOTH_SIDES,
    "shipments:paper": BOTH_SIDES,
    "shipments:change": STAFF,
    "shipments:add": STAFF,
    "shipments:take_out": NOBODY,
    "shipments:parcel_new": STAFF | {"donor"},
    "shipments:parcel": STAFF | {"donor"},
    "shipments:parcel_remove": NOBODY,
    "shipments:quotation": STAFF,
    "shipments:quotation_choose": NOBODY,
    "shipments:quotation_remove": NOBODY,
    "shipments:fund": STAFF,
    "shipments:send": STAFF | {"donor"},
    "shipments:track": BOTH_SIDES,
    "shipments:track_file": BOTH_SIDES,
    "shipments:hold": BOTH_SIDES,
    "shipments:damage": BOTH_SIDES,
    "shipments:lose": STAFF,
    "shipments:abandon": STAFF,
    "shipments:receive": STAFF | {"focal_point"},
    "shipments:repair": STAFF | {"focal_point"},
    "shipments:photo": BOTH_SIDES,
    "shipments:photo_remove": NOBODY,
    "shipments:move": NOBODY,
}


FOR_ANYBODY = {"api:offer-list", "offers:start", "pledges:declare"}  # starts something of one's own


def is_of_donors(name: str) -> bool:
    """Whether the rows behind the route called `name` are the donor's: no stranger there."""
    return name.startswith(
        ("offers:", "api:offer-", "matches:", "api:match-", "shipments:", "api:shipment-", "pledges:")
    )


def arguments_of(people: dict[str, Any], institute: Any) -> dict[tuple[str, str], Any]:
    """A match between the focal point's need and the donor's offer, with what hangs on it."""
    match = ApprovedMatchFactory(
        need__asked_by=people["focal_point"], need__organisation=institute, offer__donor=people["donor"]
    )
    return {
        ("api:match", "ref"): match.ref,
        ("matches", "ref"): match.ref,
        ("matches", "side"): "need",
        ("desk_donations", "ref"): match.need.ref,
        ("desk_donations", "offer"): match.offer.ref,
        ("desk_donations", "kind"): "needs",
        ("desk_donations", "what"): "needs",
        **_need(people, institute, match.need),
        **_offers(people["donor"]),
        **_shipment(people, institute),
        **_after(match, institute, people["donor"]),
    }


def _after(match: Any, institute: Any, donor: Any) -> dict[tuple[str, str], Any]:
    """A follow-up of the match, and a pledge of the donor."""
    follow_up, pledge = FollowUpFactory(match=match), PledgeFactory(donor=donor)
    return {
        ("gifts", "slug"): institute.slug,
        ("follow_ups", "token"): follow_up.token,
        ("desk_donations", "pk"): follow_up.pk,
        ("pledges", "ref"): pledge.ref,
        ("pledges", "verb"): "withdraw",
    }


def _need(people: dict[str, Any], institute: Any, public: Any) -> dict[tuple[str, str], Any]:
    """A finished draft of the focal point, beside a public need with a photograph."""
    draft = NeedDraftFactory(asked_by=people["focal_point"], organisation=institute)
    photo = PhotoFactory(need=public)
    return {
        ("api:need", "ref"): public.ref,
        ("api:need-hand", "ref"): public.ref,
        ("donations", "pk"): photo.pk,
        ("donations", "size"): "small",
        ("needs:detail", "ref"): public.ref,
        ("needs", "ref"): draft.ref,
        ("needs", "step"): "what",
        ("needs", "pk"): photo.pk,
    }


def _offers(donor: Any) -> dict[tuple[str, str], Any]:
    """A public offer of the donor, a draft with a paper, and a file of many."""
    public, draft = OfferFactory(donor=donor), OfferDraftFactory(donor=donor)
    kept = CheckedFile("test.pdf", "application/pdf", b"%PDF-1.4")
    paper = OfferPaper.objects.create(offer=draft, title="Test", **kept.fields)
    batch = Batch.objects.create(owner=donor, name="lyon.csv", content="category,title\ncentrifuges,One", rows=1)
    drafted = {(f"offers:{name}", "ref"): draft.ref for name in ("step", "save", "check", "paper", "paper_remove")}
    return drafted | {
        ("api:offer", "ref"): public.ref,
        ("api:offer-hand", "ref"): public.ref,
        ("offers", "ref"): public.ref,
        ("offers", "step"): "test",
        ("offers", "pk"): paper.pk,
        **{(f"offers:{name}", "pk"): batch.pk for name in ("batch", "batch_take", "batch_faulty")},
    }


def _shipment(people: dict[str, Any], institute: Any) -> dict[tuple[str, str], Any]:
    """One from the donor to the focal point's organisation, over already: neither side has anything left to change."""
    match = AcceptedMatchFactory(
        need__asked_by=people["focal_point"], need__organisation=institute, offer__donor=people["donor"]
    )
    shipment = ShipmentFactory(match=match, places=[match], state="closed")
    sizes = dict.fromkeys(("weight_kg", "length_cm", "width_cm", "height_cm"), 30)
    parcel = shipment.parcels.create(number=1, **sizes)
    quotation = shipment.quotations.create(carrier="Sealine", amount_eur=400)
    photo = PhotoFactory(shipment=shipment)
    return {
        ("shipments", "ref"): shipment.ref,
        ("api:shipment", "ref"): shipment.ref,
        ("shipments", "match"): match.ref,
        ("shipments", "name"): "offer-letter",
        ("shipments", "verb"): "close",
        ("shipments:take_out", "pk"): match.pk,
        ("shipments", "pk"): parcel.pk,
        ("shipments:quotation_choose", "pk"): quotation.pk,
        ("shipments:quotation_remove", "pk"): quotation.pk,
        ("shipments:photo_remove", "pk"): photo.pk,
    }
