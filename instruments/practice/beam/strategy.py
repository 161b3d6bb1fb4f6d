"""How much of what can be measured a rotation of so many degrees brings: counted, reflection by reflection."""

from functools import lru_cache
from typing import NamedTuple

from instruments.practice.beam.geometry import edge_spacing
from instruments.practice.beam.predict import predictions
from instruments.practice.crystals.cell import Indices
from instruments.practice.crystals.factors import reflections
from instruments.practice.crystals.structures import Crystal

RANGES = (30, 60, 90, 120, 180, 360)
CURVE = tuple(range(0, 361, 5))
ENOUGH = 0.99  # of the best that this distance can give
OVERHEAD = 1.0  # seconds a frame for reading out and turning


class Plan(NamedTuple):
    """One row of the table: omega from 0 to `degrees`."""

    degrees: int
    completeness: float  # 0 to 1, of the unique reflections down to the edge of the detector
    redundancy: float  # how often each of those met is measured


@lru_cache(maxsize=64)
def plans(crystal: Crystal, seed: str, distance: float, ranges: tuple[int, ...] = RANGES) -> tuple[Plan, ...]:
    """The table for a crystal as it stands on its needle."""
    least = edge_spacing(distance)
    wanted = len({reflection.unique for reflection in reflections(crystal) if reflection.spacing >= least})
    met = [
        (prediction.ray.omega, prediction.reflection.unique)
        for prediction in predictions(crystal, seed, distance)
        if prediction.reflection.square and prediction.reflection.spacing >= least
    ]
    return tuple(_plan(degrees, met, wanted) for degrees in ranges)


def _plan(degrees: int, met: list[tuple[float, Indices]], wanted: int) -> Plan:
    inside = [unique for omega, unique in met if omega < degrees]
    different = len(set(inside))
    return Plan(degrees, different / max(1, wanted), len(inside) / max(1, different))


def advised(table: tuple[Plan, ...]) -> Plan:
    """The shortest that brings nearly all that the longest does."""
    best = table[-1].completeness
    return next(plan for plan in table if plan.completeness >= ENOUGH * best)


def frames_of(degrees: float, width: float) -> int:
    return round(degrees / width)


def seconds_of(degrees: float, width: float, exposure: float) -> float:
    """How long a real instrument of this kind would need."""
    return frames_of(degrees, width) * (exposure + OVERHEAD)
