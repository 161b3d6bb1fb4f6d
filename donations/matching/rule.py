"""One hard condition."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from donations.matching.block import Block, Cells
from donations.matching.facts import NeedFacts, OfferFacts


@dataclass(frozen=True)
class Rule:
    """`broken` gives True for the pairs of a block that break it; `values` what the sentence of `code` says of one."""

    code: str
    broken: Callable[[Block], Cells]
    values: Callable[[NeedFacts, OfferFacts], dict[str, Any]]
