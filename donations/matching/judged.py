"""A block judged: what each pair breaks, and what it scores."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from donations.matching.block import Block, Cells
from donations.matching.conditions import rules_of
from donations.matching.reasons import reasons_of
from donations.matching.rule import Rule
from donations.matching.score import parts_of, score_of
from donations.matching.verdict import Verdict


@dataclass(frozen=True)
class Judged:
    """Cells are widened to all pairs only where all are asked for."""

    block: Block

    @cached_property
    def broken(self) -> list[tuple[Rule, Cells]]:
        """The conditions that some pair breaks, with where."""
        found = [(rule, rule.broken(self.block)) for rule in rules_of(self.block)]
        return [(rule, np.broadcast_to(cells, self.block.shape)) for rule, cells in found if cells.any()]

    @cached_property
    def lacking(self) -> NDArray[np.int16]:
        """How many conditions each pair breaks."""
        count = np.zeros(self.block.shape, dtype=np.int16)
        for _rule, cells in self.broken:
            count += cells
        return count

    @cached_property
    def parts(self) -> dict[str, Cells]:
        return {name: np.broadcast_to(cells, self.block.shape) for name, cells in parts_of(self.block).items()}

    @cached_property
    def score(self) -> Cells:
        return np.broadcast_to(score_of(self.parts), self.block.shape)

    def verdict(self, row: int, column: int) -> Verdict:
        """What is said of one pair."""
        need, offer = self.block.needs[row], self.block.offers[column]
        lacks = [[rule.code, rule.values(need, offer)] for rule, cells in self.broken if cells[row, column]]
        return Verdict(
            need=need.pk,
            offer=offer.pk,
            score=int(self.score[row, column]),
            parts={name: int(cells[row, column]) for name, cells in self.parts.items()},
            reasons=reasons_of(need, offer, self.block.facts, lacks),
            lacks=lacks,
        )
