"""Needs and offers for the matcher without a database: plain facts that fit each other unless told otherwise."""

from datetime import date, timedelta
from itertools import count

from donations.matching.facts import Facts, NeedFacts, OfferFacts, Wish

TODAY = date(2027, 3, 1)
NUMBERS = count(1)


def need(**told) -> NeedFacts:
    """A laboratory in Togo with somebody for everything; `musts` and `nice` are {feature: (least, most)}."""
    number = next(NUMBERS)
    musts, nice = told.pop("musts", {}), told.pop("nice", {})
    facts = {
        "pk": number, "ref": f"N{number:05}", "category": 1, "organisation": number, "person": number, "country": "TG",
        "quantity": told.get("left", 1), "left": 1, "people": 120, "women": 60, "voltage": 230, "frequency": 50,
        "plugs": ["G"], "has_transformer": False, "has_room": True, "door_width": None, "door_height": None,
        "most_kg": None, "accepts_used": True, "accepts_loan": True, "wants_training": False, "is_run": True,
        "is_maintained": True, "budget": None, "customs": "exempt", "public_on": TODAY - timedelta(days=200),
        "expires_on": TODAY + timedelta(days=100),
    }  # fmt: skip
    wishes = {key: Wish(*limits, True) for key, limits in musts.items()}
    wishes |= {key: Wish(*limits, False) for key, limits in nice.items()}
    return NeedFacts(**facts | told, wishes=wishes)


def offer(**told) -> OfferFacts:
    """A good centrifuge in France."""
    number = next(NUMBERS)
    facts = {
        "pk": number, "ref": f"O{number:05}", "category": 1, "organisation": None, "person": 100_000 + number,
        "country": "FR", "left": 1, "condition": "good", "year": 2022, "needs_mains": True, "low": 220, "high": 240,
        "frequencies": [50, 60], "plug": "E", "kg": 28.0, "lengths": [35, 45, 60], "has_manuals": True,
        "gives_training": False, "value": 2500, "running": 120, "freight": "open", "is_loan": False, "countries": [],
        "is_cleared": True, "available_until": None, "expires_on": None,
    }  # fmt: skip
    return OfferFacts(**facts | told)


def facts(needs, offers, **told) -> Facts:
    return Facts(TODAY, sorted(needs, key=lambda one: one.ref), sorted(offers, key=lambda one: one.ref), **told)
