"""How good a pair is: named parts of 0 to 1000 each, weighed into one score of 0 to 1000.

    score = round(sum of weight x part / 100)

| part | weight | 0 | 1000 |
| --- | --- | --- | --- |
| fit | 25 | no wish beyond the musts met, with faults, twenty years old | all met, new, of this year |
| readiness | 20 | nobody to run it, nothing known of customs, room and budget | somebody, exempt, all said |
| users | 15 | nobody | 500 people a piece or more, on a logarithmic scale |
| women | 10 | none among the people | half of them or more, which is what the programme aims at |
| country | 10 | (300 at least) | an African least developed country; `places.PRIORITY` has the table |
| freight | 10 | half around the world, 100 kg or more | the same country, no weight |
| waiting | 7 | public since today | since a year or longer |
| gifts | 3 | the more, the nearer | the first gift to this organisation |

Only fit and freight go by both sides; the others are the need's own and tell who comes first when pieces are few.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from donations.enums import Condition, Customs, Payer
from donations.matching.block import Block, Cells
from donations.matching.facts import NeedFacts
from donations.matching.musts import wishes_met
from donations.matching.places import PRIORITY, distance_km, group_of

FULL = 1000
MANY_PEOPLE = 500  # a piece
OLD_YEARS = 20
FAR_KM = 15_000
HEAVY_KG = 100
YEAR_DAYS = 365
# What an offer's condition, and what the customs a laboratory pays, are worth.
CONDITION: Mapping[str, int] = {
    Condition.NEW: 1000,
    Condition.AS_NEW: 850,
    Condition.GOOD: 700,
    Condition.WORN: 400,
    Condition.FAULTY: 0,
}
CUSTOMS: Mapping[str, int] = {Customs.EXEMPT: 1000, Customs.REDUCED: 800, Customs.FULL: 600, Customs.UNKNOWN: 0}
UNSAID_AGE = 500


@dataclass(frozen=True)
class Part:
    """`of` gives 0 to 1000 for the pairs of a block, in cells that widen to all of them."""

    weight: int
    of: Callable[[Block], Cells]


def parts_of(block: Block) -> dict[str, Cells]:
    """Every part, as whole numbers."""
    return {name: np.clip(np.rint(part.of(block)), 0, FULL).astype(np.int16) for name, part in PARTS.items()}


def score_of(parts: Mapping[str, Cells]) -> Cells:
    """The weighed sum, whole numbers from 0 to 1000."""
    total = sum((cells.astype(np.int32) * PARTS[name].weight for name, cells in parts.items()), np.int32(0))
    return np.asarray((total + 50) // 100, dtype=np.int16)


def _fit(block: Block) -> Cells:
    """Half for the wishes (training that is needed is one), 3 tenths for the condition, 2 for the age."""
    met, asked = wishes_met(block)
    wants = block.if_need(lambda need: need.wants_training)
    trained = wants & block.if_offer(lambda offer: offer.gives_training)
    asked = asked + wants
    granted = np.where(asked > 0, (met + trained) / np.maximum(asked, 1), 1)
    condition = block.of_offer(lambda offer: CONDITION.get(offer.condition, 0))
    age = block.of_offer(lambda offer: None if offer.year is None else block.facts.day.year - offer.year)
    youth = np.where(np.isnan(age), UNSAID_AGE, FULL * (1 - np.clip(age, 0, OLD_YEARS) / OLD_YEARS))
    return np.asarray(0.5 * FULL * granted + 0.3 * condition + 0.2 * youth)


def _readiness(block: Block) -> Cells:
    return block.of_need(_readiness_of)


def _readiness_of(need: NeedFacts) -> float:
    """Who runs it 300, who maintains it 250, customs up to 200, a running budget 150, a place for it 100."""
    said = 300 * need.is_run + 250 * need.is_maintained + 150 * (need.budget is not None) + 100 * need.has_room
    return said + 0.2 * CUSTOMS.get(need.customs, 0)


def _users(block: Block) -> Cells:
    each = block.of_need(lambda need: (need.people or 0) / need.quantity)
    return np.asarray(FULL * np.log1p(each) / np.log1p(MANY_PEOPLE))


def _women(block: Block) -> Cells:
    return block.of_need(lambda need: 2 * FULL * need.women / need.people if need.women and need.people else 0)


def _country(block: Block) -> Cells:
    return block.of_need(lambda need: PRIORITY[group_of(need.country)])


def _freight(block: Block) -> Cells:
    """6 tenths for the way, 4 for the weight; a donor who pays the freight takes half of what is lost off."""
    way = block.by_kind(lambda need: need.country, lambda offer: offer.country, distance_km) / FAR_KM
    weight = block.of_offer(lambda offer: HEAVY_KG / 2 if offer.kg is None else offer.kg) / HEAVY_KG
    burden = 0.6 * np.minimum(way, 1) + 0.4 * np.minimum(weight, 1)
    paid = block.if_offer(lambda offer: offer.freight == Payer.DONOR)
    return np.asarray(FULL * (1 - np.where(paid, burden / 2, burden)))


def _waiting(block: Block) -> Cells:
    return block.of_need(lambda need: FULL * waited_days(need, block) / YEAR_DAYS)


def waited_days(need: NeedFacts, block: Block) -> int:
    """Days since the need is public."""
    return 0 if need.public_on is None else max(0, (block.facts.day - need.public_on).days)


def _gifts(block: Block) -> Cells:
    return block.of_need(lambda need: FULL / (1 + need.gifts))


PARTS = {
    "fit": Part(25, _fit),
    "readiness": Part(20, _readiness),
    "users": Part(15, _users),
    "women": Part(10, _women),
    "country": Part(10, _country),
    "freight": Part(10, _freight),
    "waiting": Part(7, _waiting),
    "gifts": Part(3, _gifts),
}
