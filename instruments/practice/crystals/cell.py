"""The unit cell and its reciprocal lattice.

Formulae: International Tables for Crystallography, volume B, chapter 1.1; the matrix B as Busing & Levy (1967), Acta
Cryst. 22, 457, without the factor 2 pi. Lengths in angstroms, angles in degrees.
"""

import math
from functools import cached_property
from typing import NamedTuple

Vector = tuple[float, float, float]
Matrix = tuple[Vector, Vector, Vector]
Indices = tuple[int, int, int]


class Cell(NamedTuple):
    a: float
    b: float
    c: float
    alpha: float
    beta: float
    gamma: float

    @property
    def cosines(self) -> Vector:
        return _cosine(self.alpha), _cosine(self.beta), _cosine(self.gamma)

    @property
    def volume(self) -> float:
        """In cubic angstroms."""
        x, y, z = self.cosines
        return self.a * self.b * self.c * math.sqrt(1 - x * x - y * y - z * z + 2 * x * y * z)

    @property
    def direct(self) -> Matrix:
        """Columns are a, b, c in a Cartesian frame with a along x and b in the plane of x and y."""
        x, y, z = self.cosines
        sine = math.sqrt(1 - z * z)
        return (
            (self.a, self.b * z, self.c * y),
            (0.0, self.b * sine, self.c * (x - y * z) / sine),
            (0.0, 0.0, self.volume / (self.a * self.b * sine)),
        )

    @property
    def reciprocal(self) -> "Cell":
        """a* in 1/angstrom and so on."""
        x, y, z = self.cosines
        sines = [math.sqrt(1 - cosine * cosine) for cosine in (x, y, z)]
        lengths = (self.b * self.c * sines[0], self.a * self.c * sines[1], self.a * self.b * sines[2])
        angles = (
            (y * z - x) / (sines[1] * sines[2]),
            (x * z - y) / (sines[0] * sines[2]),
            (x * y - z) / (sines[0] * sines[1]),
        )
        a, b, c = (length / self.volume for length in lengths)
        alpha, beta, gamma = (math.degrees(math.acos(max(-1.0, min(1.0, angle)))) for angle in angles)
        return Cell(a, b, c, alpha, beta, gamma)

    @property
    def b_matrix(self) -> Matrix:
        """Turns hkl into a Cartesian vector of length 1/d."""
        return transposed(inverse(self.direct))

    def spacing(self, h: float, k: float, l: float) -> float:  # noqa: E741 - hkl is what everybody calls them
        """The distance d of the lattice planes hkl, in angstroms."""
        return 1 / length(times(self.b_matrix, (h, k, l)))

    @classmethod
    def of(cls, axes: Matrix) -> "Cell":
        """The cell whose axes are the columns of a matrix."""
        a, b, c = transposed(axes)
        return cls(length(a), length(b), length(c), angle(b, c), angle(a, c), angle(a, b))


class Lattice:
    """A cell with its matrices kept, for loops over many hkl."""

    def __init__(self, cell: Cell):
        self.cell = cell

    @cached_property
    def b_matrix(self) -> Matrix:
        return self.cell.b_matrix

    def most(self, least_spacing: float) -> Indices:
        """The largest h, k and l that any plane with so small a spacing can have."""
        a, b, c = (math.floor(axis / least_spacing) for axis in self.cell[:3])
        return a, b, c


def _cosine(degrees: float) -> float:
    return 0.0 if degrees == 90 else math.cos(math.radians(degrees))


def times(matrix: Matrix, vector: Vector | tuple[float, ...]) -> Vector:
    x, y, z = vector
    first, second, third = (row[0] * x + row[1] * y + row[2] * z for row in matrix)
    return first, second, third


def product(one: Matrix, other: Matrix) -> Matrix:
    columns = [times(one, column) for column in transposed(other)]
    return transposed((columns[0], columns[1], columns[2]))


def transposed(matrix: Matrix) -> Matrix:
    first, second, third = zip(*matrix, strict=True)
    return first, second, third


def inverse(matrix: Matrix) -> Matrix:
    """Raises ZeroDivisionError for a singular one."""
    one, two, three = matrix
    rows = cross(two, three), cross(three, one), cross(one, two)
    determinant = dot(one, rows[0])
    first, second, third = (tuple(value / determinant for value in row) for row in rows)
    return transposed((first, second, third))  # type: ignore[arg-type]


def cross(one: Vector, other: Vector) -> Vector:
    return (
        one[1] * other[2] - one[2] * other[1],
        one[2] * other[0] - one[0] * other[2],
        one[0] * other[1] - one[1] * other[0],
    )


def dot(one: Vector, other: Vector) -> float:
    return one[0] * other[0] + one[1] * other[1] + one[2] * other[2]


def length(vector: Vector) -> float:
    return math.sqrt(dot(vector, vector))


def angle(one: Vector, other: Vector) -> float:
    """Between two vectors, in degrees."""
    return math.degrees(math.acos(max(-1.0, min(1.0, dot(one, other) / length(one) / length(other)))))
