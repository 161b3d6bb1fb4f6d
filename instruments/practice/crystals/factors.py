"""Structure factors: how strongly the planes of a crystal reflect."""

import cmath
import math
from functools import lru_cache
from typing import NamedTuple

from instruments.practice.crystals.cell import Indices, Lattice, Vector, length, times
from instruments.practice.crystals.scattering import form_factor
from instruments.practice.crystals.structures import Crystal
from instruments.practice.crystals.symmetry import family

SHARPEST = 0.70  # angstroms: no plane with less spacing reaches the detector anywhere
NOTHING = 1e-3  # electrons squared: what is less is a systematic absence, and rounding


class Reflection(NamedTuple):
    """Planes with a vector of length 1/d in the crystal's own Cartesian frame; `square` is |F|^2."""

    hkl: Indices
    unique: Indices  # the first of its family: equivalent planes share it
    vector: Vector
    spacing: float
    square: float


def structure_factor(crystal: Crystal, h: int, k: int, l: int) -> complex:  # noqa: E741
    """F(hkl) in electrons, with the atoms' isotropic displacement."""
    stol = 1 / (2 * crystal.cell.spacing(h, k, l)) if (h, k, l) != (0, 0, 0) else 0.0
    scattered = {atom: form_factor(atom.element, stol) * math.exp(-atom.b * stol * stol) for atom in set(crystal.atoms)}
    return sum(
        (scattered[atom] * cmath.exp(2j * math.pi * (h * x + k * y + l * z)) for atom, (x, y, z) in crystal.content),
        0j,
    )


@lru_cache
def lattice_points(crystal: Crystal, least_spacing: float = SHARPEST) -> tuple[Reflection, ...]:
    """All planes down to a spacing in angstroms, by hkl; those that symmetry forbids have a square of 0."""
    found: dict[Indices, Reflection] = {}
    lattice = Lattice(crystal.cell)
    for hkl in _half(lattice.most(least_spacing)):
        if hkl in found or 1 / length(times(lattice.b_matrix, hkl)) < least_spacing:
            continue
        mates = family(crystal.generators, hkl)
        square = abs(structure_factor(crystal, *hkl)) ** 2
        for mate in mates:
            vector = times(lattice.b_matrix, mate)
            found[mate] = Reflection(mate, max(mates), vector, 1 / length(vector), square if square > NOTHING else 0.0)
    return tuple(found[hkl] for hkl in sorted(found))


def reflections(crystal: Crystal, least_spacing: float = SHARPEST) -> list[Reflection]:
    """Those that scatter."""
    return [reflection for reflection in lattice_points(crystal, least_spacing) if reflection.square]


def _half(most: Indices) -> list[Indices]:
    """Every hkl inside a box whose first index that is not 0 is above it: Friedel's law gives the others."""
    h_most, k_most, l_most = most
    return [
        (h, k, l)
        for h in range(h_most + 1)
        for k in range(-k_most, k_most + 1)
        for l in range(-l_most, l_most + 1)  # noqa: E741
        if (h, k, l) > (0, 0, 0)
    ]
