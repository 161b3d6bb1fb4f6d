"""Needs, offers and matches for programs."""

from typing import Any

from donations.api.match import MatchViewSet
from donations.api.need import NeedViewSet
from donations.api.offer import OfferViewSet
from donations.api.shipment import ShipmentViewSet

routes: list[tuple[str, Any, str]] = [
    ("donations/matches", MatchViewSet, "match"),
    ("donations/needs", NeedViewSet, "need"),
    ("donations/offers", OfferViewSet, "offer"),
    ("donations/shipments", ShipmentViewSet, "shipment"),
]
