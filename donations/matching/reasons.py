"""Why a pair fits, as codes and values: [[code, {values}], ...]. Both sides may read them."""

from collections.abc import Iterator
from typing import Any

from donations.enums import Condition, Customs, Payer
from donations.matching.conditions import budget_each, is_outside
from donations.matching.facts import Facts, NeedFacts, OfferFacts
from donations.matching.musts import is_met
from donations.matching.places import distance_km, group_of
from donations.matching.verdict import Line

Lines = Iterator[tuple[str, dict[str, Any]]]
TOLD_FROM_DAYS = 14  # of waiting


def reasons_of(need: NeedFacts, offer: OfferFacts, facts: Facts, lacks: list[Line]) -> list[Line]:
    """What speaks for the pair and what to know of it; nothing about the hard conditions that it breaks."""
    broken = {code for code, _values in lacks}
    makers = (_mains, _wishes, _people, _care, _place, _history)
    lines = [[code, values] for maker in makers for code, values in maker(need, offer, facts)]
    return [line for line in lines if line[0] not in _silenced(broken)]


def _silenced(broken: set[str]) -> set[str]:
    """Reasons that a broken condition contradicts."""
    silenced = set()
    if broken & {"voltage", "frequency", "mains_of_need", "mains_of_offer"}:
        silenced |= {"mains", "transformer"}
    if broken & {"not_said", "too_little", "too_much"}:
        silenced.add("musts")
    return silenced | (broken & {"running"})


def _mains(need: NeedFacts, offer: OfferFacts, facts: Facts) -> Lines:
    if not offer.needs_mains:
        yield "no_mains", {}
        return
    if need.voltage is not None and offer.low is not None and offer.high is not None:
        if is_outside(need.voltage, offer.low, offer.high):
            yield "transformer", {"volts": need.voltage, "low": offer.low, "high": offer.high}
        elif need.frequency is not None:
            yield "mains", {"volts": need.voltage, "hertz": need.frequency}
    if offer.plug and need.plugs and offer.plug not in need.plugs:
        yield "plug", {"plug": offer.plug, "sockets": need.plugs}


def _wishes(need: NeedFacts, offer: OfferFacts, facts: Facts) -> Lines:
    musts = [key for key, wish in need.wishes.items() if wish.is_must]
    nice = [key for key, wish in need.wishes.items() if not wish.is_must]
    if musts:
        yield "musts", {"count": len(musts)}
    if nice:
        yield "nice", {"met": sum(is_met(need.wishes[key], key, offer) for key in nice), "asked": len(nice)}
    if offer.condition in Condition:
        yield "condition", {"condition": offer.condition}
    if need.wants_training:
        yield ("training" if offer.gives_training else "no_training"), {}


def _people(need: NeedFacts, offer: OfferFacts, facts: Facts) -> Lines:
    if need.people:
        yield "people", {"people": need.people}
    if need.people and need.women:
        yield "women", {"women": need.women}


def _care(need: NeedFacts, offer: OfferFacts, facts: Facts) -> Lines:
    """Who looks after it, at what cost."""
    if need.is_run and need.is_maintained:
        yield "run_by", {}
    if need.customs in Customs and need.customs != Customs.UNKNOWN:
        yield "customs", {"customs": need.customs}
    budget = budget_each(need)
    if offer.running is not None and budget is not None:
        yield "running", {"eur": offer.running, "budget": budget}
    elif offer.running is not None and offer.value:
        yield "running_share", {"percent": round(100 * offer.running / offer.value)}


def _place(need: NeedFacts, offer: OfferFacts, facts: Facts) -> Lines:
    group = group_of(need.country)
    if group:
        yield "priority", {"country": need.country, "group": group}
    if need.country and need.country == offer.country:
        yield "same_country", {}
    elif need.country and offer.country:
        yield "distance", {"km": round(distance_km(need.country, offer.country), -2)}
    if offer.freight == Payer.DONOR:
        yield "freight_paid", {}


def _history(need: NeedFacts, offer: OfferFacts, facts: Facts) -> Lines:
    days = 0 if need.public_on is None else (facts.day - need.public_on).days
    if days >= TOLD_FROM_DAYS:
        yield "waiting", {"days": days}
    if need.gifts:
        yield "gifts", {"count": need.gifts}
    else:
        yield "first_gift", {}
    if (need.pk, offer.pk) in facts.last:
        yield "last_run", {}
