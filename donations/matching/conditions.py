"""Hard conditions: each says for all pairs of a category at once whether it is broken, and for one pair by what values.

What is not said is not kept, and the sentence says that it is not said; only limits that a laboratory does not state
(door, floor, budget) do not bind. Voltages are held to within a tenth, as supply and appliances are (IEC 60038: 230 V
± 10 %), so that 220, 230 and 240 V are one.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import numpy as np

from donations.enums import Condition as State
from donations.matching.block import Block, Cells
from donations.matching.facts import NeedFacts, OfferFacts
from donations.matching.musts import musts_of
from donations.matching.rule import Rule

TOLERANCE = 0.1


def rules_of(block: Block) -> list[Rule]:
    """Every hard condition for the needs and offers of a block."""
    return [*musts_of(block), *RULES]


def _mains_of_need(block: Block) -> Cells:
    silent = block.if_need(lambda need: need.voltage is None or need.frequency is None)
    return silent & _plugged_in(block)


def _mains_of_offer(block: Block) -> Cells:
    return block.if_offer(lambda offer: offer.needs_mains and (offer.low is None or not offer.frequencies))


def _voltage(block: Block) -> Cells:
    volts = block.of_need(lambda need: need.voltage)
    low, high = block.of_offer(lambda offer: offer.low), block.of_offer(lambda offer: offer.high)
    has_transformer = block.if_need(lambda need: need.has_transformer)
    return np.asarray(is_outside(volts, low, high)) & _plugged_in(block) & ~has_transformer


def is_outside(volts: Any, low: Any, high: Any) -> Any:
    """Whether a supply is out of an appliance's range; of numbers as of cells."""
    return (volts < low * (1 - TOLERANCE)) | (volts > high * (1 + TOLERANCE))


def _frequency(block: Block) -> Cells:
    def misses(hertz: int | None, others: tuple[int, ...]) -> bool:
        return hertz is not None and bool(others) and hertz not in others

    outside = block.by_kind(lambda need: need.frequency, lambda offer: tuple(offer.frequencies), misses)
    return outside.astype(bool) & _plugged_in(block)


def _plugged_in(block: Block) -> Cells:
    return block.if_offer(lambda offer: offer.needs_mains)


def _size_not_said(block: Block) -> Cells:
    has_door = block.if_need(lambda need: bool(need.door_width or need.door_height))
    return has_door & block.if_offer(lambda offer: not offer.lengths)


def _door(block: Block) -> Cells:
    """On its side or upright: the two smallest lengths go through, the smaller through the narrower."""
    width = block.of_need(lambda need: need.door_width or np.inf)
    height = block.of_need(lambda need: need.door_height or np.inf)
    smallest = block.of_offer(lambda offer: offer.lengths[0] if offer.lengths else None)
    second = block.of_offer(lambda offer: offer.lengths[1] if offer.lengths else None)
    return (smallest > np.minimum(width, height)) | (second > np.maximum(width, height))


def _weight_not_said(block: Block) -> Cells:
    limited = block.if_need(lambda need: need.most_kg is not None)
    return limited & block.if_offer(lambda offer: offer.kg is None)


def _weight(block: Block) -> Cells:
    return block.of_offer(lambda offer: offer.kg) > block.of_need(lambda need: need.most_kg)


def _country(block: Block) -> Cells:
    def misses(country: str, others: tuple[str, ...]) -> bool:
        return bool(others) and country not in others

    outside = block.by_kind(lambda need: need.country, lambda offer: tuple(offer.countries), misses)
    return outside.astype(bool)


def _used(block: Block) -> Cells:
    return block.if_offer(lambda offer: offer.condition != State.NEW) & block.if_need(
        lambda need: not need.accepts_used
    )


def _loan(block: Block) -> Cells:
    return block.if_offer(lambda offer: offer.is_loan) & block.if_need(lambda need: not need.accepts_loan)


def _is_over(day: date | None, today: date) -> bool:
    return day is not None and day < today


def _offer_over(block: Block) -> Cells:
    return block.if_offer(lambda offer: _is_over(offer.available_until, block.facts.day))


def _offer_expired(block: Block) -> Cells:
    return block.if_offer(lambda offer: _is_over(offer.expires_on, block.facts.day))


def _need_expired(block: Block) -> Cells:
    return block.if_need(lambda need: _is_over(need.expires_on, block.facts.day))


def _export(block: Block) -> Cells:
    return block.if_offer(lambda offer: not offer.is_cleared)


def _running(block: Block) -> Cells:
    """The budget is for all the pieces that are needed."""
    return block.of_offer(lambda offer: offer.running) > block.of_need(budget_each)


def budget_each(need: NeedFacts) -> int | None:
    """Euros a year for running one piece."""
    return None if need.budget is None else need.budget // need.quantity


def _own(block: Block) -> Cells:
    same = block.of_need(lambda need: need.organisation) == block.of_offer(lambda offer: offer.organisation)
    person = block.of_need(lambda need: need.person) == block.of_offer(lambda offer: offer.person)
    return np.asarray(same | person)


def _turned_down(block: Block) -> Cells:
    return block.if_pair(block.facts.turned_down)


def _category(block: Block) -> Cells:
    needs, offers = block.of_need(lambda need: need.category), block.of_offer(lambda offer: offer.category)
    return np.asarray(needs != offers)


def _nothing(need: NeedFacts, offer: OfferFacts) -> dict[str, Any]:
    return {}


def _iso(ask: Callable[[NeedFacts, OfferFacts], date | None]) -> Callable[[NeedFacts, OfferFacts], dict[str, Any]]:
    return lambda need, offer: {"day": str(ask(need, offer))}


RULES: Sequence[Rule] = (
    Rule("category", _category, _nothing),
    Rule("mains_of_need", _mains_of_need, _nothing),
    Rule("mains_of_offer", _mains_of_offer, _nothing),
    Rule(
        "voltage",
        _voltage,
        lambda need, offer: {"volts": need.voltage, "low": offer.low, "high": offer.high},
    ),
    Rule("frequency", _frequency, lambda need, offer: {"hertz": need.frequency, "others": offer.frequencies}),
    Rule("size_not_said", _size_not_said, _nothing),
    Rule(
        "door",
        _door,
        lambda need, offer: {"size": offer.lengths[:2], "width": need.door_width, "height": need.door_height},
    ),
    Rule("weight_not_said", _weight_not_said, _nothing),
    Rule("weight", _weight, lambda need, offer: {"kg": offer.kg, "most": need.most_kg}),
    Rule("country", _country, lambda need, offer: {"country": need.country}),
    Rule("used", _used, _nothing),
    Rule("loan", _loan, _nothing),
    Rule("offer_over", _offer_over, _iso(lambda need, offer: offer.available_until)),
    Rule("offer_expired", _offer_expired, _iso(lambda need, offer: offer.expires_on)),
    Rule("need_expired", _need_expired, _iso(lambda need, offer: need.expires_on)),
    Rule("export", _export, _nothing),
    Rule("running", _running, lambda need, offer: {"eur": offer.running, "budget": budget_each(need)}),
    Rule("own", _own, _nothing),
    Rule("turned_down", _turned_down, _nothing),
)
