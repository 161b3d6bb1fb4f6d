"""The crystals against what is tabulated of them, in other sources than the structures' own where there are any."""

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instruments.practice.crystals.cell import Cell, angle, inverse, length, product, times, transposed
from instruments.practice.crystals.factors import lattice_points, reflections, structure_factor
from instruments.practice.crystals.scattering import COEFFICIENTS, ELECTRONS, form_factor
from instruments.practice.crystals.structures import CALCITE, CRYSTALS, HALITE, QUARTZ, SILICON, UREA, Crystal
from instruments.practice.crystals.symmetry import Operator, family, group

# Spacings in angstroms as powder standards list them: halite PDF 5-628, silicon NBS Monograph 25 (13), 35, quartz PDF
# 46-1045, calcite PDF 5-586.
TABULATED = [
    (HALITE, (1, 1, 1), 3.258, 0.003),
    (HALITE, (2, 0, 0), 2.821, 0.002),
    (HALITE, (2, 2, 0), 1.994, 0.001),
    (HALITE, (3, 1, 1), 1.701, 0.001),
    (HALITE, (2, 2, 2), 1.628, 0.001),
    (HALITE, (4, 2, 0), 1.261, 0.001),
    (SILICON, (1, 1, 1), 3.1355, 0.0005),
    (SILICON, (2, 2, 0), 1.9201, 0.0005),
    (SILICON, (3, 1, 1), 1.6375, 0.0005),
    (SILICON, (4, 0, 0), 1.3577, 0.0005),
    (SILICON, (3, 3, 1), 1.2459, 0.0005),
    (SILICON, (4, 2, 2), 1.1086, 0.0005),
    (QUARTZ, (1, 0, 0), 4.255, 0.004),
    (QUARTZ, (1, 0, 1), 3.3435, 0.004),
    (QUARTZ, (1, 1, 0), 2.4569, 0.003),
    (QUARTZ, (1, 0, 2), 2.2815, 0.002),
    (QUARTZ, (1, 1, 2), 1.8180, 0.002),
    (QUARTZ, (2, 1, 1), 1.5415, 0.002),
    (CALCITE, (0, 1, 2), 3.86, 0.01),
    (CALCITE, (1, 0, 4), 3.035, 0.002),
    (CALCITE, (1, 1, 0), 2.495, 0.002),
    (CALCITE, (1, 1, 3), 2.285, 0.002),
]
CONTENTS = {
    HALITE: {"Na": 4, "Cl": 4},
    SILICON: {"Si": 8},
    QUARTZ: {"Si": 3, "O": 6},
    CALCITE: {"Ca": 6, "C": 6, "O": 18},
    UREA: {"C": 2, "O": 2, "N": 4, "H": 8},
}
ORDERS = {HALITE: 192, SILICON: 192, QUARTZ: 6, CALCITE: 36, UREA: 8}
WEIGHTS = {"H": 1.008, "C": 12.011, "N": 14.007, "O": 15.999, "Na": 22.990, "Si": 28.086, "Cl": 35.453, "Ca": 40.078}
DENSITIES = {HALITE: 2.163, SILICON: 2.329, QUARTZ: 2.648, CALCITE: 2.711}  # g/cm3
BONDS = {  # two elements, how many nearest neighbours the first has of the second, angstroms
    HALITE: ("Na", "Cl", 6, 2.820),
    SILICON: ("Si", "Si", 4, 2.352),
    QUARTZ: ("Si", "O", 4, 1.609),
    CALCITE: ("C", "O", 3, 1.282),
    UREA: ("C", "N", 2, 1.345),
}
MUST_BE_ABSENT = {
    HALITE: [(1, 0, 0), (1, 1, 0), (2, 1, 1), (3, 2, 2)],
    SILICON: [(1, 0, 0), (2, 0, 0), (4, 2, 0), (6, 0, 0), (2, 1, 1), (2, 2, 2)],  # 222: equal atoms, no bonds here
    QUARTZ: [(0, 0, 1), (0, 0, 2), (0, 0, 4)],
    CALCITE: [(1, 0, 0), (1, 0, 1), (0, 0, 3), (1, 0, -1), (0, 1, 1)],
    UREA: [(1, 0, 0), (3, 0, 0), (0, 1, 0), (0, 5, 0)],
}


@pytest.mark.parametrize(("crystal", "hkl", "spacing", "tolerance"), TABULATED)
def test_spacings_are_those_of_the_tables(crystal, hkl, spacing, tolerance):
    assert crystal.cell.spacing(*hkl) == pytest.approx(spacing, abs=tolerance)
    assert next(one.spacing for one in lattice_points(crystal) if one.hkl == hkl) == pytest.approx(
        crystal.cell.spacing(*hkl)
    )


@pytest.mark.parametrize("crystal", CRYSTALS, ids=lambda crystal: crystal.name)
def test_symmetry_fills_the_cell_with_the_right_atoms(crystal):
    assert len(crystal.operators) == ORDERS[crystal]
    assert Counter(atom.element for atom, _place in crystal.content) == CONTENTS[crystal]


@pytest.mark.parametrize("crystal", DENSITIES, ids=lambda crystal: crystal.name)
def test_the_cell_has_the_density_of_the_mineral(crystal):
    grams = sum(WEIGHTS[atom.element] for atom, _place in crystal.content) / 0.602214076
    assert grams / crystal.cell.volume == pytest.approx(DENSITIES[crystal], rel=0.003)


@pytest.mark.parametrize("crystal", BONDS, ids=lambda crystal: crystal.name)
def test_atoms_have_the_neighbours_that_chemistry_knows(crystal):
    one, other, many, distance = BONDS[crystal]
    nearest = sorted(_distances(crystal, one, other))[: many + 1]
    assert nearest[many - 1] == pytest.approx(distance, abs=0.006)
    assert nearest[0] == pytest.approx(distance, abs=0.006)
    assert nearest[many] > distance + 0.1


def _distances(crystal: Crystal, one: str, other: str) -> list[float]:
    start = next(place for atom, place in crystal.content if atom.element == one)
    steps = [(x, y, z) for x in (-1, 0, 1) for y in (-1, 0, 1) for z in (-1, 0, 1)]
    ways = [
        length(times(crystal.cell.direct, tuple(b + s - a for a, b, s in zip(start, place, step, strict=True))))
        for atom, place in crystal.content
        if atom.element == other
        for step in steps
    ]
    return [way for way in ways if way > 0.01]


@pytest.mark.parametrize("element", COEFFICIENTS)
def test_all_electrons_scatter_forward_and_fewer_sideways(element):
    assert form_factor(element, 0) == pytest.approx(ELECTRONS[element], abs=0.01)
    falling = [form_factor(element, stol / 20) for stol in range(20)]
    assert falling == sorted(falling, reverse=True)


@pytest.mark.parametrize("crystal", CRYSTALS, ids=lambda crystal: crystal.name)
def test_systematic_absences(crystal):
    for hkl in MUST_BE_ABSENT[crystal]:
        assert abs(structure_factor(crystal, *hkl)) < 1e-6
    absent = {one.hkl for one in lattice_points(crystal)} - {one.hkl for one in reflections(crystal)}
    near = [hkl for hkl in MUST_BE_ABSENT[crystal] if crystal.cell.spacing(*hkl) > 0.71]
    assert absent.issuperset(near)


def test_the_strongest_and_the_weakest_of_halite():
    """Sodium and chlorine scatter together in 200 and against each other in 111, as W. L. Bragg saw in 1913."""
    together, against = abs(structure_factor(HALITE, 2, 0, 0)), abs(structure_factor(HALITE, 1, 1, 1))
    assert together == pytest.approx(4 * (8.7 + 12.7), rel=0.08)  # f(Na), f(Cl) at 0.177, and some motion
    assert against < together / 3


@pytest.mark.parametrize("crystal", CRYSTALS, ids=lambda crystal: crystal.name)
def test_friedels_law_and_the_symmetry_of_intensities(crystal):
    for one in reflections(crystal, 1.0)[::7]:
        h, k, l = one.hkl  # noqa: E741
        assert abs(structure_factor(crystal, -h, -k, -l)) ** 2 == pytest.approx(one.square)
        for mate in sorted(family(crystal.generators, one.hkl))[:6]:
            assert abs(structure_factor(crystal, *mate)) ** 2 == pytest.approx(one.square, rel=1e-6)
            assert crystal.cell.spacing(*mate) == pytest.approx(one.spacing)


@pytest.mark.parametrize("crystal", CRYSTALS, ids=lambda crystal: crystal.name)
def test_every_plane_is_listed_once_and_none_is_missing(crystal):
    listed = [one.hkl for one in lattice_points(crystal, 1.5)]
    inside = 4 / 3 * math.pi / 1.5**3 * crystal.cell.volume
    assert len(listed) == len(set(listed)) == pytest.approx(inside, rel=0.25)
    assert {(-h, -k, -l) for h, k, l in listed} == set(listed)  # noqa: E741


def test_operators_are_read_and_nonsense_is_refused():
    operator = Operator.read("-y, x-y, z+2/3")
    assert operator.move(0.1, 0.2, 0.5) == pytest.approx((0.8, 0.9, 0.5 + 2 / 3 - 1))
    with pytest.raises(ValueError, match="no symmetry operator"):
        Operator.read("x,y,q")
    assert len(group(("-x,-y,-z",))) == 2


SIDES, ANGLES = st.floats(3, 20), st.floats(70, 110)


@given(SIDES, SIDES, SIDES, ANGLES, ANGLES, ANGLES)
def test_any_cell_and_its_reciprocal_belong_together(a, b, c, alpha, beta, gamma):
    cell = Cell(a, b, c, alpha, beta, gamma)
    assert Cell.of(cell.direct) == pytest.approx(cell, rel=1e-6)
    assert Cell.of(cell.b_matrix) == pytest.approx(cell.reciprocal, rel=1e-6)
    assert cell.reciprocal.volume == pytest.approx(1 / cell.volume, rel=1e-6)
    unit = product(transposed(cell.b_matrix), cell.direct)
    assert [value for row in unit for value in row] == pytest.approx([1, 0, 0, 0, 1, 0, 0, 0, 1], abs=1e-9)
    assert product(cell.direct, inverse(cell.direct))[1][1] == pytest.approx(1)
    assert angle((1, 0, 0), (0, 2, 0)) == 90
