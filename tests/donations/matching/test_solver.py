"""The solver alone: never more than there is, never worse than another way, and both ways agree."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.matching import solver
from donations.matching.bundle import bundled

NUMBERS = st.integers(0, 4)


@st.composite
def problems(draw, most=5, pieces=4):
    rows, columns = draw(st.integers(1, most)), draw(st.integers(1, most))
    worth = st.one_of(st.just(0), st.integers(1, 1000))
    table = draw(st.lists(st.lists(worth, min_size=columns, max_size=columns), min_size=rows, max_size=rows))
    wanted = draw(st.lists(st.integers(0, pieces), min_size=rows, max_size=rows))
    offered = draw(st.lists(st.integers(0, pieces), min_size=columns, max_size=columns))
    return np.array(table), np.array(wanted), np.array(offered)


def worth_in_all(worth, found):
    return sum(int(worth[row, column]) * pieces for row, column, pieces in found)


def greedy(worth, wanted, offered):
    """The dearest pair first, as many pieces as both have."""
    left, free, total = wanted.copy(), offered.copy(), 0
    for place in np.argsort(-worth, axis=None, kind="stable"):
        row, column = np.unravel_index(place, worth.shape)
        pieces = min(left[row], free[column])
        if worth[row, column] > 0:
            left[row] -= pieces
            free[column] -= pieces
            total += int(worth[row, column] * pieces)
    return total


def best_by_trying(worth, wanted, offered):
    """The best of every way to hand out."""
    rows, columns = worth.shape
    most = [
        min(wanted[row], offered[column]) if worth[row, column] else 0
        for row in range(rows)
        for column in range(columns)
    ]
    best = 0
    for pieces in product(*(range(one + 1) for one in most)):
        table = np.array(pieces).reshape(rows, columns)
        if (table.sum(axis=1) <= wanted).all() and (table.sum(axis=0) <= offered).all():
            best = max(best, int((table * worth).sum()))
    return best


@given(problems())
def test_no_more_is_handed_out_than_there_is_and_nothing_that_must_not_be(problem):
    worth, wanted, offered = problem
    table = np.zeros(worth.shape, dtype=int)
    for row, column, pieces in solver.assign(worth, wanted, offered):
        assert pieces > 0
        assert worth[row, column] > 0
        table[row, column] += pieces
    assert (table.sum(axis=1) <= wanted).all()
    assert (table.sum(axis=0) <= offered).all()


@given(problems(pieces=6))
def test_never_worse_than_greedy(problem):
    assert worth_in_all(problem[0], solver.assign(*problem)) >= greedy(*problem)


@given(problems(most=2, pieces=3))
def test_nothing_is_better(problem):
    assert worth_in_all(problem[0], solver.assign(*problem)) == best_by_trying(*problem)


@given(problems(most=8, pieces=40))
def test_both_solvers_find_the_same_sum(problem):
    worth, wanted, offered = problem
    by_prices = (
        [
            (int(row), int(column), int(pieces))
            for (row, column), pieces in np.ndenumerate(solver._by_prices(worth, wanted, offered))
            if worth.any()
        ]
        if worth.any()
        else []
    )
    assert worth_in_all(worth, by_prices) == worth_in_all(worth, solver.assign(worth, wanted, offered))


def test_prices_bring_in_the_pairs_that_were_not_tried_at_first(monkeypatch):
    random = np.random.default_rng(7)
    worth = random.integers(0, 30, (30, 1)) * 10 + random.integers(0, 60, (30, 40))
    wanted, offered = random.integers(1, 9, 30), random.integers(1, 9, 40)
    expected = worth_in_all(worth, solver.assign(worth, wanted, offered))
    monkeypatch.setattr(solver, "FEW_PAIRS", 0)
    monkeypatch.setattr(solver, "FIRST", 2)
    monkeypatch.setattr(solver, "MOST_CELLS", 0)
    assert worth_in_all(worth, solver.assign(worth, wanted, offered)) == expected


def test_a_thousand_pieces_are_no_harder_than_one():
    worth = np.array([[900, 800], [850, 0]])
    assert solver.assign(worth, np.array([60_000, 60_000]), np.array([50_000, 70_000])) == [
        (0, 1, 60_000),
        (1, 0, 50_000),
    ]


@pytest.mark.parametrize("worth", [[[0, 0]], [[5, 5]]])
def test_nothing_is_handed_out_where_nothing_is(worth):
    assert solver.assign(np.array(worth), np.array([0]), np.array([1, 1])) == []


@given(st.dictionaries(st.tuples(NUMBERS, NUMBERS), st.integers(1, 9), max_size=20))
def test_bundled_pieces_are_as_many_and_form_no_ring(pieces):
    """Where all pairs are worth the same, any assignment of all pieces is a best one."""
    after = bundled(pieces)
    for side in (0, 1):
        for node in range(5):
            sums = [sum(count for pair, count in one.items() if pair[side] == node) for one in (pieces, after)]
            assert sums[0] == sums[1]
    assert all(count > 0 for count in after.values())
    group = {(side, node): {(side, node)} for side in (0, 1) for node in range(5)}
    for need, offer in after:
        assert group[0, need] is not group[1, offer]
        joined = group[0, need] | group[1, offer]
        group |= dict.fromkeys(joined, joined)


def test_pieces_of_equal_pairs_stay_together():
    assert bundled({(0, 0): 2, (0, 1): 1, (1, 0): 1, (1, 1): 2}) == {(0, 1): 3, (1, 0): 3}
