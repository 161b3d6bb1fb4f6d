"""Where and when planes reflect: Ewald's construction for a crystal that turns about one axis.

Frame of the laboratory: x to the right as seen from the source, y up along the axis of rotation omega, z along the
beam. The detector stands behind the crystal, across the beam. Angles in degrees at the edges, lengths in millimetres,
reciprocal ones in 1/angstrom. Formulae: International Tables for Crystallography, volume C, chapter 2.2 (rotation
method), and Milch & Minor (1974), J. Appl. Cryst. 7, 502, for the Lorentz factor.
"""

import math
import random
from typing import NamedTuple

from instruments.practice.crystals.cell import Matrix, Vector, product

WAVELENGTH = 0.71073  # angstroms: Mo K-alpha
PIXELS, PIXEL = 512, 0.2  # a square detector
CENTRE = PIXELS / 2
EDGE = PIXELS * PIXEL / 2
DISTANCES = (40, 60, 80)
STOP, ARM = 15, 6  # pixels: radius of the beam stop, half the width of its arm, which hangs down from it
AXIS = 0.08  # planes whose reflection runs nearly along the axis stay in reflection too long to be measured


class Ray(NamedTuple):
    """A diffracted beam: `x`, `y` in pixels from the top left, `speed` how fast planes sweep through reflection."""

    omega: float
    x: float
    y: float
    two_theta: float
    speed: float  # 1 for planes that cross the sphere straight, towards 0 near the axis

    @property
    def factor(self) -> float:
        """Lorentz and polarisation factors for an unpolarised beam."""
        cosine = math.cos(math.radians(self.two_theta))
        return (1 + cosine * cosine) / 2 / (math.sin(math.radians(self.two_theta)) * self.speed)


def bragg(spacing: float, wavelength: float = WAVELENGTH) -> float:
    """2 theta of planes with this spacing, in degrees. Raises ValueError where they cannot reflect."""
    return 2 * math.degrees(math.asin(wavelength / (2 * spacing)))


def edge_spacing(distance: float) -> float:
    """The least spacing, in angstroms, that reaches the middle of the detector's edges."""
    return WAVELENGTH / (2 * math.sin(math.atan2(EDGE, distance) / 2))


def crossings(vector: Vector) -> list[float]:
    """The two angles omega, 0 to 360, at which a reciprocal vector given at omega 0 lies on Ewald's sphere, or none.

    It does where |s0 + r| = |s0|, so where z(omega) = -wavelength r^2 / 2.
    """
    x, y, z = vector
    across = math.hypot(x, z)
    needed = -WAVELENGTH * (x * x + y * y + z * z) / 2
    if across <= abs(needed):
        return []
    start, half = math.atan2(x, z), math.acos(needed / across)
    return [math.degrees(way - start) % 360 for way in (half, -half)]


def turned(vector: Vector, omega: float) -> Vector:
    """A vector given at omega 0, when the crystal has been turned."""
    cosine, sine = math.cos(math.radians(omega)), math.sin(math.radians(omega))
    x, y, z = vector
    return x * cosine + z * sine, y, z * cosine - x * sine


def ray(vector: Vector, omega: float, distance: float) -> Ray | None:
    """The beam that leaves at a crossing, or None where it misses the detector or cannot be measured."""
    x, y, z = turned(vector, omega)
    forward = 1 / WAVELENGTH + z
    if forward <= 0:
        return None
    column = CENTRE + x / forward * distance / PIXEL
    row = CENTRE - y / forward * distance / PIXEL
    if not (5 <= column < PIXELS - 5 and 5 <= row < PIXELS - 5) or is_shaded(column, row):
        return None
    two_theta = math.degrees(math.acos(forward * WAVELENGTH))
    speed = abs(x) / math.hypot(x, y)
    return Ray(omega, column, row, two_theta, speed) if speed > AXIS else None


def is_shaded(x: float, y: float) -> bool:
    """Whether the beam stop or its arm hides this pixel and its neighbours."""
    return math.hypot(x - CENTRE, y - CENTRE) < STOP + 5 or (abs(x - CENTRE) < ARM + 5 and y > CENTRE)


def seen_at(x: float, y: float, omega: float, distance: float) -> Vector:
    """The reciprocal vector at omega 0 of a spot found at this place of the detector."""
    across, up = (x - CENTRE) * PIXEL, (CENTRE - y) * PIXEL
    away = math.sqrt(across * across + up * up + distance * distance) * WAVELENGTH
    return turned((across / away, up / away, distance / away - 1 / WAVELENGTH), -omega)


def orientation(seed: str) -> Matrix:
    """How a crystal happens to stand on its needle: a rotation, all equally likely (Shoemake's quaternions)."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    one, two, three = chance.random(), chance.random() * 2 * math.pi, chance.random() * 2 * math.pi
    w, x = math.sqrt(1 - one) * math.sin(two), math.sqrt(1 - one) * math.cos(two)
    y, z = math.sqrt(one) * math.sin(three), math.sqrt(one) * math.cos(three)
    return (
        (1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)),
        (2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)),
        (2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)),
    )


def ub_matrix(seed: str, b_matrix: Matrix) -> Matrix:
    """Turns hkl into the laboratory's frame at omega 0 (Busing & Levy, 1967)."""
    return product(orientation(seed), b_matrix)
