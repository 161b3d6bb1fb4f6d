"""All reflections that one crystal gives on the detector in a full turn."""

from functools import lru_cache
from typing import NamedTuple

from instruments.practice.beam.geometry import Ray, crossings, orientation, ray
from instruments.practice.crystals.cell import times
from instruments.practice.crystals.factors import Reflection, lattice_points
from instruments.practice.crystals.structures import Crystal

COUNTS = 2.5e7  # photons a second and degree from a cubic millimetre, before |F|^2 / V^2 and the factors
SPREAD = 0.13  # degrees: mosaic spread and divergence as one standard deviation
WIDEST = 1.0


class Prediction(NamedTuple):
    reflection: Reflection
    ray: Ray
    strength: float  # photons in all, a second and degree
    spread: float  # degrees of omega, one standard deviation

    @property
    def reach(self) -> float:
        """How far from its omega it is still seen."""
        return 3 * self.spread


@lru_cache(maxsize=64)
def predictions(crystal: Crystal, seed: str, distance: float) -> tuple[Prediction, ...]:
    """By omega, planes that scatter nothing included: where they would be, the measurement shows nothing."""
    turn = orientation(seed)
    scale = COUNTS * crystal.size**3 / crystal.cell.volume**2
    found = []
    for reflection in lattice_points(crystal):
        vector = times(turn, reflection.vector)
        for omega in crossings(vector):
            beam = ray(vector, omega, distance)
            if beam is not None:
                strength = scale * reflection.square * beam.factor
                found.append(Prediction(reflection, beam, strength, min(WIDEST, SPREAD / beam.speed)))
    return tuple(sorted(found, key=lambda prediction: prediction.ray.omega))
