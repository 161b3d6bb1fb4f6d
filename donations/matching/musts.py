"""What a need must have and would like to have, against what an offer states."""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from donations.features import BY_KEY
from donations.matching.block import Block, Cells
from donations.matching.facts import NeedFacts, OfferFacts, Wish
from donations.matching.rule import Rule


def musts_of(block: Block) -> list[Rule]:
    """Three conditions for each feature that is a must of some need: said, enough, and not too much."""
    asked = {key for need in block.needs for key, wish in need.wishes.items() if wish.is_must}
    return [rule for key in sorted(asked) for rule in _rules(key)]


def wishes_met(block: Block) -> tuple[NDArray[np.int16], Cells]:
    """How many of each need's wishes beyond the musts each offer meets, and how many there are."""
    met = np.zeros(block.shape, dtype=np.int16)
    asked = {key for need in block.needs for key, wish in need.wishes.items() if not wish.is_must}
    for key in sorted(asked):
        wanted = block.if_need(partial(_asks, key=key, is_must=False))
        met += wanted & ~(_not_said(block, key, is_must=False) | _too_little(block, key) | _too_much(block, key))
    return met, block.of_need(lambda need: sum(not wish.is_must for wish in need.wishes.values()))


def is_met(wish: Wish, key: str, offer: OfferFacts) -> bool:
    """Whether one offer meets one wish."""
    if key not in offer.features:
        return False
    value = offer.features[key]
    if value is None:
        return not BY_KEY[key].is_number
    return (wish.least is None or value >= wish.least) and (wish.most is None or value <= wish.most)


def _rules(key: str) -> list[Rule]:
    return [
        Rule("not_said", partial(_not_said, key=key, is_must=True), partial(_values, key=key)),
        Rule("too_little", partial(_must_too_little, key=key), partial(_values, key=key)),
        Rule("too_much", partial(_must_too_much, key=key), partial(_values, key=key)),
    ]


def _values(need: NeedFacts, offer: OfferFacts, key: str) -> dict[str, Any]:
    """What the sentence says; only what is there."""
    wish = need.wishes[key]
    told = {"feature": key, "least": wish.least, "most": wish.most, "has": offer.features.get(key)}
    return {name: value for name, value in told.items() if value is not None}


def _asks(need: NeedFacts, key: str, is_must: bool) -> bool:
    return key in need.wishes and need.wishes[key].is_must == is_must


def _is_silent(offer: OfferFacts, key: str) -> bool:
    """A feature with a unit is said by its value, another by being stated."""
    return key not in offer.features or (BY_KEY[key].is_number and offer.features[key] is None)


def _not_said(block: Block, key: str, is_must: bool) -> Cells:
    silent = block.if_offer(lambda offer: _is_silent(offer, key))
    return block.if_need(lambda need: _asks(need, key, is_must)) & silent


def _too_little(block: Block, key: str) -> Cells:
    least = block.of_need(lambda need: need.wishes[key].least if key in need.wishes else None)
    return block.of_offer(lambda offer: offer.features.get(key)) < least


def _too_much(block: Block, key: str) -> Cells:
    most = block.of_need(lambda need: need.wishes[key].most if key in need.wishes else None)
    return block.of_offer(lambda offer: offer.features.get(key)) > most


def _must_too_little(block: Block, key: str) -> Cells:
    return _too_little(block, key) & block.if_need(lambda need: _asks(need, key, is_must=True))


def _must_too_much(block: Block, key: str) -> Cells:
    return _too_much(block, key) & block.if_need(lambda need: _asks(need, key, is_must=True))
