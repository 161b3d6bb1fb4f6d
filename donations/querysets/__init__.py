"""Named questions of donations: `visible_to` is the one truth for list, detail, API and file."""

from donations.querysets.match import FollowUpQuerySet, MatchQuerySet
from donations.querysets.photo import PhotoQuerySet
from donations.querysets.pledge import PledgeQuerySet
from donations.querysets.shipment import ShipmentQuerySet
from donations.querysets.thing import NEED_SEARCHED, OFFER_SEARCHED, NeedQuerySet, OfferQuerySet

__all__ = [
    "NEED_SEARCHED",
    "OFFER_SEARCHED",
    "FollowUpQuerySet",
    "MatchQuerySet",
    "NeedQuerySet",
    "OfferQuerySet",
    "PhotoQuerySet",
    "PledgeQuerySet",
    "ShipmentQuerySet",
]
