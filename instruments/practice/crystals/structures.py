"""Five crystals. Cells and positions are those of the papers named.

The displacement parameters (`b`, isotropic, square angstroms) are round values of ours near what such atoms have.
"""

from functools import lru_cache
from typing import NamedTuple

from instruments.practice.crystals.cell import Cell, Vector, length, times
from instruments.practice.crystals.symmetry import Operator, group

FACES = ("x,y+1/2,z+1/2", "x+1/2,y,z+1/2")
OBVERSE = ("x+2/3,y+1/3,z+1/3",)


class Atom(NamedTuple):
    element: str
    x: float
    y: float
    z: float
    b: float


class _Crystal(NamedTuple):
    name: str
    formula: str
    system: str
    space_group: str
    cell: Cell
    generators: tuple[str, ...]
    atoms: tuple[Atom, ...]
    source: str
    colour: tuple[int, int, int]
    size: float  # millimetres across, of the one on the needle


class Crystal(_Crystal):
    """A published structure. Equal and hashable by its values."""

    @property
    def operators(self) -> tuple[Operator, ...]:
        return group(self.generators)

    @property
    def content(self) -> tuple[tuple[Atom, Vector], ...]:
        """Every atom of one cell with its place, each once."""
        return _content(self)


@lru_cache
def _content(crystal: Crystal) -> tuple[tuple[Atom, Vector], ...]:
    axes = crystal.cell.direct
    content = []
    for atom in crystal.atoms:
        places: list[Vector] = []
        for operator in crystal.operators:
            place = operator.move(atom.x, atom.y, atom.z)
            if all(length(times(axes, _least(place, other))) > 0.1 for other in places):
                places.append(place)
        content += [(atom, place) for place in places]
    return tuple(content)


def _least(one: Vector, other: Vector) -> Vector:
    """The way from one place to the nearest image of the other, in parts of the axes."""
    x, y, z = (a - b - round(a - b) for a, b in zip(one, other, strict=True))
    return x, y, z


HALITE = Crystal(
    "Halite",
    "NaCl",
    "cubic",
    "F m -3 m",
    Cell(5.6402, 5.6402, 5.6402, 90, 90, 90),
    ("-x,-y,z", "-x,y,-z", "z,x,y", "y,x,-z", "-x,-y,-z", *FACES),
    (Atom("Na", 0, 0, 0, 1.6), Atom("Cl", 0.5, 0.5, 0.5, 1.3)),
    "Swanson & Fuyat, NBS Circular 539, vol. 2 (1953) 41",
    (196, 214, 222),
    0.20,
)
SILICON = Crystal(
    "Silicon",
    "Si",
    "cubic",
    "F d -3 m",
    Cell(5.43102, 5.43102, 5.43102, 90, 90, 90),
    ("-x,-y+1/2,z+1/2", "-x+1/2,y+1/2,-z", "z,x,y", "y+3/4,x+1/4,-z+3/4", "-x+1/4,-y+1/4,-z+1/4", *FACES),
    (Atom("Si", 0, 0, 0, 0.5),),
    "CODATA recommended lattice parameter, 2018 (a = 5.431 020 511 A)",
    (128, 136, 148),
    0.18,
)
QUARTZ = Crystal(
    "Quartz",
    "SiO2",
    "trigonal",
    "P 32 2 1",
    Cell(4.916, 4.916, 5.4054, 90, 90, 120),
    ("-y,x-y,z+2/3", "y,x,-z+2/3"),
    (Atom("Si", 0.4697, 0, 0, 0.6), Atom("O", 0.4135, 0.2669, 0.1191, 1.1)),
    "Levien, Prewitt & Weidner, Am. Mineral. 65 (1980) 920",
    (214, 206, 226),
    0.22,
)
CALCITE = Crystal(
    "Calcite",
    "CaCO3",
    "trigonal",
    "R -3 c",
    Cell(4.988, 4.988, 17.061, 90, 90, 120),
    ("-y,x-y,z", "y,x,-z+1/2", "-x,-y,-z", *OBVERSE),
    (Atom("Ca", 0, 0, 0, 0.7), Atom("C", 0, 0, 0.25, 0.7), Atom("O", 0.2570, 0, 0.25, 1.3)),  # 1.282 A from carbon
    "Markgraf & Reeder, Am. Mineral. 70 (1985) 590",
    (226, 212, 176),
    0.20,
)
UREA = Crystal(
    "Urea (12 K)",
    "CO(NH2)2",
    "tetragonal",
    "P -4 21 m",
    Cell(5.565, 5.565, 4.684, 90, 90, 90),
    ("-x,-y,z", "y,-x,-z", "-x+1/2,y+1/2,-z"),
    (
        Atom("C", 0, 0.5, 0.3260, 0.7),
        Atom("O", 0, 0.5, 0.5953, 0.8),
        Atom("N", 0.1459, 0.6459, 0.1766, 0.9),
        Atom("H", 0.2575, 0.7575, 0.2827, 2.2),
        Atom("H", 0.1441, 0.6441, -0.0380, 2.2),
    ),
    "Swaminathan, Craven & McMullan, Acta Cryst. B40 (1984) 300",
    (232, 228, 214),
    0.30,
)
CRYSTALS = (HALITE, SILICON, QUARTZ, CALCITE, UREA)
