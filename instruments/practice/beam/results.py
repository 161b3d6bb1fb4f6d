"""What a run has measured: a list of intensities, and how good it is."""

import math
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from instruments.practice.beam.absences import Absence, absences
from instruments.practice.beam.geometry import edge_spacing
from instruments.practice.beam.refine import Refined, refine
from instruments.practice.beam.run import Run, Settings, Tally
from instruments.practice.crystals.cell import Indices
from instruments.practice.crystals.factors import reflections
from instruments.practice.crystals.structures import Crystal

SHELLS = 4


class Measured(NamedTuple):
    """`square` and `sigma` are on one arbitrary scale with |F|^2: counts without Lorentz and polarisation."""

    hkl: Indices
    unique: Indices
    spacing: float
    square: float
    sigma: float
    true_square: float  # 0 for what symmetry forbids


class Shell(NamedTuple):
    """How good the data are between two spacings in angstroms; `r_int` is None where nothing was measured twice."""

    widest: float
    least: float
    completeness: float
    redundancy: float
    signal: float  # mean of I / sigma
    r_int: float | None


class Result(NamedTuple):
    crystal: Crystal
    settings: Settings
    frames: int
    measured: tuple[Measured, ...]
    refined: Refined | None
    whole: Shell
    shells: tuple[Shell, ...]
    absences: tuple[Absence, ...]
    overloads: int
    r1: float | None  # against the published structure


def result_of(run: Run) -> Result:
    """From the reflections that fell wholly into the frames made."""
    made = run.number
    whole = [tally for tally in run.tallies if tally.is_whole and _ends(tally, run) <= made]
    good = [tally for tally in whole if not tally.is_overloaded]
    measured = tuple(sorted(_measured(tally) for tally in good))
    allowed = [one for one in measured if one.true_square]
    least = edge_spacing(run.settings.distance)
    return Result(
        run.crystal,
        run.settings,
        made,
        measured,
        refine(whole, run.settings.distance),
        _shell(run.crystal, allowed, math.inf, least),
        tuple(_shell(run.crystal, allowed, *limits) for limits in _limits(least)),
        tuple(absences([(one.hkl, one.square / one.sigma) for one in measured])),
        len(whole) - len(good),
        _r1(allowed),
    )


def _ends(tally: Tally, run: Run) -> int:
    """The number of frames after which nothing more of it comes."""
    prediction = tally.prediction
    return math.floor((prediction.ray.omega + prediction.reach) / run.settings.width) + 1


def _measured(tally: Tally) -> Measured:
    reflection, factor = tally.prediction.reflection, tally.prediction.ray.factor
    return Measured(
        reflection.hkl,
        reflection.unique,
        reflection.spacing,
        tally.net / factor,
        tally.sigma / factor,
        reflection.square,
    )


def _limits(least: float) -> list[tuple[float, float]]:
    """Spacings between which lie equal volumes of reciprocal space, widest first."""
    edges = [math.inf, *(least * (SHELLS / number) ** (1 / 3) for number in range(1, SHELLS + 1))]
    return list(pairwise(edges))


def _shell(crystal: Crystal, measured: Sequence[Measured], widest: float, least: float) -> Shell:
    inside = [one for one in measured if least <= one.spacing < widest]
    wanted = {one.unique for one in reflections(crystal) if least <= one.spacing < widest}
    families = _families(inside)
    signal = sum(one.square / one.sigma for one in inside) / max(1, len(inside))
    redundancy = len(inside) / max(1, len(families))
    return Shell(widest, least, len(families) / max(1, len(wanted)), redundancy, signal, r_int(families))


def _families(measured: Sequence[Measured]) -> dict[Indices, list[Measured]]:
    families = defaultdict(list)
    for one in measured:
        families[one.unique].append(one)
    return families


def r_int(families: dict[Indices, list[Measured]]) -> float | None:
    """How far equivalent reflections differ: the sum of |I - mean| over the sum of I."""
    apart = total = 0.0
    for family in families.values():
        if len(family) > 1:
            mean = sum(one.square for one in family) / len(family)
            apart += sum(abs(one.square - mean) for one in family)
            total += sum(one.square for one in family)
    return apart / total if total > 0 else None


def _r1(measured: Sequence[Measured]) -> float | None:
    """The sum of ||Fo| - k|Fc|| over the sum of |Fo|, merged reflections above four sigma, the best k."""
    pairs = []
    for family in _families(measured).values():
        mean = sum(one.square for one in family) / len(family)
        if mean > 4 * math.sqrt(sum(one.sigma**2 for one in family)) / len(family):
            pairs.append((math.sqrt(mean), math.sqrt(family[0].true_square)))
    if not pairs:
        return None
    scale = sum(seen * true for seen, true in pairs) / sum(true * true for _seen, true in pairs)
    return sum(abs(seen - scale * true) for seen, true in pairs) / sum(seen for seen, _true in pairs)
