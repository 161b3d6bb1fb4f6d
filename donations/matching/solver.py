"""The best way to hand out pieces: a transport problem, solved exactly.

    maximise   sum of worth[i, j] x[i, j]
    where      sum over j of x[i, j] <= wanted[i],   sum over i of x[i, j] <= offered[j],   x >= 0 and whole

Its matrix is totally unimodular, so the best fractional answer at a vertex is whole. Two exact solvers share the work:

- pieces as rows and columns of their own, by `scipy.optimize.linear_sum_assignment` (shortest augmenting paths,
  D. F. Crouse, "On implementing 2D rectangular assignment algorithms", IEEE Transactions on Aerospace and Electronic
  Systems 52, 2016), while they are few enough for the table to fit;
- else the linear programme by HiGHS, over the promising pairs first; those whose worth exceeds the prices of their two
  sides come in until there are none, which proves that the answer is best over all pairs.

Where pairs are worth the same, pieces would be scattered; `donations.matching.bundle` gathers them.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment, linprog
from scipy.sparse import coo_matrix

from donations.matching.bundle import bundled

Numbers = NDArray[np.signedinteger[Any]]
MOST_CELLS = 16_000_000  # of pieces by pieces, 128 MB
FEW_PAIRS = 20_000  # a linear programme of them is quick, however many pieces there are
FIRST = 15  # pairs a row and column that are tried first
MARGIN = 1e-6


def assign(worth: Numbers, wanted: Numbers, offered: Numbers) -> list[tuple[int, int, int]]:
    """Return (row, column, pieces), by row and column, of the greatest sum of worth.

    `worth` is whole numbers, rows by columns, 0 where the two must not come together.
    """
    allowed = worth > 0
    wanted, offered = wanted.astype(np.int64), offered.astype(np.int64)
    wanted = np.minimum(wanted, allowed @ offered)
    offered = np.minimum(offered, wanted @ allowed)
    rows, columns = np.flatnonzero(wanted), np.flatnonzero(offered)
    if not rows.size:
        return []
    inner = worth[np.ix_(rows, columns)]
    solve = _by_pieces if wanted.sum() * offered.sum() <= MOST_CELLS else _by_prices
    found = solve(inner, wanted[rows], offered[columns])
    pieces = bundled({(int(i), int(j)): int(found[i, j]) for i, j in np.argwhere(found)})
    return sorted((int(rows[i]), int(columns[j]), count) for (i, j), count in pieces.items())


def _by_pieces(worth: Numbers, wanted: Numbers, offered: Numbers) -> Numbers:
    """Every piece for itself; pairs that must not be are worth nothing and dropped."""
    of_row = np.repeat(np.arange(len(wanted)), wanted)
    of_column = np.repeat(np.arange(len(offered)), offered)
    cost = np.negative(worth, dtype=float)[np.ix_(of_row, of_column)]
    rows, columns = linear_sum_assignment(cost)
    pieces = np.zeros(worth.shape, dtype=np.int32)
    np.add.at(pieces, (of_row[rows], of_column[columns]), 1)
    pieces *= worth > 0
    return pieces


def _by_prices(worth: Numbers, wanted: Numbers, offered: Numbers) -> Numbers:
    """A linear programme over some pairs, and more of them until no other is worth its price."""
    allowed = worth > 0
    tried = allowed if allowed.sum() <= FEW_PAIRS else allowed & _best(worth)
    while True:
        pieces, missed = _programme(worth, wanted, offered, tried)
        missed[tried | ~allowed] = 0
        if missed.max(initial=0) <= MARGIN * max(1, worth.max()):
            return pieces
        tried = tried | (_best(missed) & (missed > 0))


def _best(values: NDArray[Any]) -> NDArray[np.bool_]:
    """The greatest of each row and of each column."""
    cells = np.zeros(values.shape, dtype=bool)
    for axis in (0, 1):
        few = min(FIRST, values.shape[axis])
        np.put_along_axis(cells, np.take(np.argsort(-values, axis=axis, kind="stable"), range(few), axis), True, axis)
    return cells


def _programme(
    worth: Numbers, wanted: Numbers, offered: Numbers, tried: NDArray[np.bool_]
) -> tuple[Numbers, NDArray[np.float64]]:
    """The best pieces over the pairs tried, and by how much each pair's worth exceeds the prices of its two sides."""
    rows, columns = np.nonzero(tried)
    count, scale = len(rows), float(worth.max())
    sides = np.concatenate([rows, len(wanted) + columns])
    limits = coo_matrix(
        (np.ones(2 * count), (sides, np.tile(np.arange(count), 2))), shape=(len(wanted) + len(offered), count)
    )
    answer = linprog(
        -worth[rows, columns] / scale, A_ub=limits.tocsc(), b_ub=np.concatenate([wanted, offered]), method="highs-ds"
    )
    if answer.status:
        raise RuntimeError(answer.message)
    pieces = np.zeros(worth.shape, dtype=np.int64)
    pieces[rows, columns] = np.rint(answer.x)
    prices = -answer.ineqlin.marginals * scale
    return pieces, worth - prices[: len(wanted), None] - prices[None, len(wanted) :]
