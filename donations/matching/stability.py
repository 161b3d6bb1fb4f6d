"""What keeps the answer from jumping about: yesterday's pairs are worth a little more.

A pair of the newest run gets `LAST_RUN` points on top of its score when the best assignment is sought, so that it only
gives way to something better by more than that; the score that people see stays as it is. A pair that became a match
holds its pieces already and needs no such help. Needs and offers are put in the order of their references before they
are looked at, so that ties end the same way in whatever order rows are read.
"""

import numpy as np

from donations.matching.block import Block, Cells
from donations.matching.solver import Numbers

LAST_RUN = 15  # points of score, of a thousand


def worth_of(block: Block, score: Cells, allowed: Cells) -> Numbers:
    """What a piece of each pair counts in the sum to be made greatest; 0 where it must not be."""
    worth = score.astype(np.int32) + 1
    worth += np.int32(LAST_RUN) * block.if_pair(block.facts.last)
    worth *= allowed
    return worth
