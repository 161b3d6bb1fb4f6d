"""The cell from where spots were found: least squares for the nine numbers of UB, and how sure they are."""

from collections.abc import Sequence
from typing import NamedTuple

from instruments.practice.beam.geometry import seen_at
from instruments.practice.beam.run import Tally
from instruments.practice.crystals.cell import Cell, Indices, Matrix, Vector, inverse, product, transposed

GROUPS = 8  # for the jackknife
LEAST = 12  # spots without which nothing is refined


class Refined(NamedTuple):
    cell: Cell
    errors: Cell  # standard uncertainties of the same six
    spots: int


def refine(tallies: Sequence[Tally], distance: float) -> Refined | None:
    """From the spots whose place is clear; None where they are too few or lie in one plane."""
    seen = [
        (t.prediction.reflection.hkl, seen_at(t.x / t.weight, t.y / t.weight, t.omega / t.weight, distance))
        for t in tallies
        if t.weight and t.prediction.reflection.square and not t.is_overloaded
    ]
    if len(seen) < LEAST:
        return None
    try:
        cell = _cell(seen)
        parts = [_cell([pair for n, pair in enumerate(seen) if n % GROUPS != group]) for group in range(GROUPS)]
    except ZeroDivisionError:
        return None
    return Refined(cell, _spread(parts), len(seen))


def _cell(seen: Sequence[tuple[Indices, Vector]]) -> Cell:
    """UB = (sum r h') (sum h h')^-1; the rows of its inverse are the axes."""
    ub = product(_sum(seen), inverse(_sum([(hkl, hkl) for hkl, _place in seen])))
    return Cell.of(transposed(inverse(ub)))


def _sum(pairs: Sequence[tuple[Indices, Vector]]) -> Matrix:
    first, second, third = (
        tuple(sum(place[row] * hkl[column] for hkl, place in pairs) for column in range(3)) for row in range(3)
    )
    return first, second, third  # type: ignore[return-value]


def _spread(parts: Sequence[Cell]) -> Cell:
    """The jackknife's standard error of each number."""
    many = len(parts)
    errors = []
    for values in zip(*parts, strict=True):
        mean = sum(values) / many
        errors.append(((many - 1) / many * sum((value - mean) ** 2 for value in values)) ** 0.5)
    return Cell(*errors)
