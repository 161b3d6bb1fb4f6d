"""Needs and offers of one category as columns: needs down, offers across, so that every pair is one cell."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from donations.matching.facts import Facts, NeedFacts, OfferFacts, Pair

Cells = NDArray[Any]  # of a shape that widens to (needs, offers)


@dataclass(frozen=True)
class Block:
    """`facts` with needs and offers of one category only."""

    facts: Facts

    @property
    def needs(self) -> list[NeedFacts]:
        return self.facts.needs

    @property
    def offers(self) -> list[OfferFacts]:
        return self.facts.offers

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.needs), len(self.offers)

    def of_need(self, ask: Callable[[NeedFacts], Any]) -> Cells:
        """Numbers of the needs, one a row; what is not said is not a number, and no comparison holds for it."""
        return _numbers([ask(need) for need in self.needs])[:, None]

    def of_offer(self, ask: Callable[[OfferFacts], Any]) -> Cells:
        """Numbers of the offers, one a column."""
        return _numbers([ask(offer) for offer in self.offers])[None, :]

    def if_need(self, ask: Callable[[NeedFacts], bool]) -> Cells:
        return np.array([ask(need) for need in self.needs], dtype=bool)[:, None]

    def if_offer(self, ask: Callable[[OfferFacts], bool]) -> Cells:
        return np.array([ask(offer) for offer in self.offers], dtype=bool)[None, :]

    def by_kind(
        self,
        kind: Callable[[NeedFacts], Any],
        other: Callable[[OfferFacts], Any],
        ask: Callable[[Any, Any], float],
    ) -> Cells:
        """Cells of what depends on few kinds of need and of offer (countries, say), asked once for each two kinds."""
        kinds, rows = _kinds([kind(need) for need in self.needs])
        others, columns = _kinds([other(offer) for offer in self.offers])
        table = np.array([[ask(one, two) for two in others] for one in kinds])
        return table.reshape(len(kinds), len(others))[np.ix_(rows, columns)]

    def if_pair(self, pairs: frozenset[Pair]) -> Cells:
        """Which cells are among these pairs of keys."""
        rows = {need.pk: row for row, need in enumerate(self.needs)}
        columns = {offer.pk: column for column, offer in enumerate(self.offers)}
        cells = np.zeros(self.shape, dtype=bool)
        for need, offer in pairs:
            if need in rows and offer in columns:
                cells[rows[need], columns[offer]] = True
        return cells


def _numbers(values: Sequence[Any]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def _kinds(values: Sequence[Any]) -> tuple[list[Any], list[int]]:
    """The different values in the order in which they come, and each one's place among them."""
    places = {value: place for place, value in enumerate(dict.fromkeys(values))}
    return list(places), [places[value] for value in values]
