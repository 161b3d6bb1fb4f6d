"""What keeps the answer from jumping about: yesterday's pairs are worth a little more, and ties have one end.

A pair of the newest run gets `LAST_RUN` points on top of its score when the best assignment is sought, so that it only
gives way to something better by more than that; the score that people see stays as it is. A pair that became a match
holds its pieces already and needs no such help. What is worth the same is told apart by the references alone: the
answer depends neither on the order in which rows come nor on other needs and offers.
"""

from zlib import crc32

import numpy as np

from donations.matching.block import Block, Cells
from donations.matching.solver import Numbers

LAST_RUN = 15  # points of score, of a thousand
POINT = 2**20  # what a point of score is worth, so that no sum of tie-breaks comes up to one
TIES = 64


def worth_of(block: Block, score: Cells, allowed: Cells) -> Numbers:
    """What a piece of each pair counts in the sum to be made greatest; 0 where it must not be."""
    points = 1 + score.astype(np.int64) + LAST_RUN * block.if_pair(block.facts.last)
    return np.where(allowed, points * POINT + _tie_breaks(block), 0)


def _tie_breaks(block: Block) -> Numbers:
    """A number below `TIES` for every pair, from the two references."""
    needs = np.array([crc32(need.ref.encode()) for need in block.needs], dtype=np.uint32)
    offers = np.array([crc32(offer.ref.encode()) for offer in block.offers], dtype=np.uint32)
    mixed = (needs[:, None] ^ offers[None, :]) * np.uint32(2654435761)
    return (mixed >> np.uint32(16)).astype(np.int64) % TIES
