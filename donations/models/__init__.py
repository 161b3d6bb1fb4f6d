"""The tables of donations."""

from donations.models.follow_up import FollowUp
from donations.models.gate import GateCheck
from donations.models.match import Match, MatchingRun
from donations.models.need import Need, Requirement
from donations.models.offer import Batch, Offer, OfferFeature, OfferPaper
from donations.models.photo import Photo
from donations.models.pledge import Pledge
from donations.models.shipment import Parcel, ParcelLine, Quotation, Shipment, ShipmentMatch, TrackingEvent

__all__ = [
    "Batch",
    "FollowUp",
    "GateCheck",
    "Match",
    "MatchingRun",
    "Need",
    "Offer",
    "OfferFeature",
    "OfferPaper",
    "Parcel",
    "ParcelLine",
    "Photo",
    "Pledge",
    "Quotation",
    "Requirement",
    "Shipment",
    "ShipmentMatch",
    "TrackingEvent",
]
