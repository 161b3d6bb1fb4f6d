"""Pictures: the unit cell, the crystal under the microscope, the detector."""

import math
from itertools import combinations

from PIL import Image, ImageDraw

from instruments.practice.crystals.cell import Vector, length, times
from instruments.practice.crystals.structures import Crystal
from instruments.practice.screen.theme import BLACK, EDGE, INK, SMALL, SOFT, Colour, font

ATOMS: dict[str, tuple[float, Colour]] = {  # radius in angstroms as drawn, colour
    "H": (0.22, (232, 236, 238)),
    "C": (0.42, (116, 126, 130)),
    "N": (0.40, (92, 128, 226)),
    "O": (0.38, (214, 78, 66)),
    "Na": (0.55, (150, 132, 216)),
    "Si": (0.50, (226, 178, 96)),
    "Cl": (0.75, (104, 190, 108)),
    "Ca": (0.60, (96, 198, 206)),
}
BONDS = {  # angstroms under which two atoms are joined by a line
    frozenset(("C", "O")): 1.4,
    frozenset(("C", "N")): 1.45,
    frozenset(("N", "H")): 1.15,
    frozenset(("Si", "O")): 1.7,
    frozenset(("Si",)): 2.45,
}
TURN, TILT = math.radians(-24), math.radians(14)


def cell_picture(crystal: Crystal, draw: ImageDraw.ImageDraw, picture: Image.Image) -> None:
    """The unit cell with its atoms, from where they are, nearest last."""
    width, height = picture.size
    draw.rounded_rectangle((0, 0, width - 1, height - 1), 9, fill=BLACK)
    axes = crystal.cell.direct
    corners = [(x, y, z) for x in (0.0, 1.0) for y in (0.0, 1.0) for z in (0.0, 1.0)]
    seen = {corner: _turned(times(axes, corner)) for corner in corners}
    middle = [sum(place[n] for place in seen.values()) / 8 for n in range(3)]
    reach = max(max(abs(place[0] - middle[0]), abs(place[1] - middle[1])) for place in seen.values())
    scale = 0.40 * width / reach

    def at(place: Vector) -> tuple[float, float]:
        return width / 2 + (place[0] - middle[0]) * scale, height / 2 - (place[1] - middle[1]) * scale

    for one in corners:
        for other in corners:
            if one < other and sum(a != b for a, b in zip(one, other, strict=True)) == 1:
                draw.line((*at(seen[one]), *at(seen[other])), EDGE, 2)
    shown = [
        (_turned(times(axes, place)), atom.element) for atom, inside in crystal.content for place in _edges(inside)
    ]
    for (one, first), (other, second) in combinations(shown, 2):
        if length(_way(one, other)) < BONDS.get(frozenset((first, second)), 0):
            draw.line((*at(one), *at(other)), SOFT, 7)
    for place, element in sorted(shown, key=lambda shown: shown[0][2]):
        radius, colour = ATOMS[element]
        _ball(draw, at(place), radius * min(scale, 60), _faded(colour, (place[2] - middle[2]) / reach))
    for name, corner in zip("abc", ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)), strict=True):
        x, y = at(seen[corner])
        draw.text(
            (x + 14, y + 12), name, INK, font(SMALL, is_bold=True), anchor="mm", stroke_width=3, stroke_fill=BLACK
        )
    elements = dict.fromkeys(atom.element for atom in crystal.atoms)
    for number, element in enumerate(elements):
        _ball(draw, (30, 30 + number * 30), 9, ATOMS[element][1])
        draw.text((48, 30 + number * 30), element, SOFT, font(SMALL), anchor="lm")


def _turned(place: Vector) -> Vector:
    """Seen from the front and a little from above: x to the right, y up, z towards the eye."""
    x, y, z = place[1], place[2], place[0]
    x, z = x * math.cos(TURN) + z * math.sin(TURN), -x * math.sin(TURN) + z * math.cos(TURN)
    return x, y * math.cos(TILT) - z * math.sin(TILT), y * math.sin(TILT) + z * math.cos(TILT)


def _way(one: Vector, other: Vector) -> Vector:
    return one[0] - other[0], one[1] - other[1], one[2] - other[2]


def _edges(place: Vector) -> list[Vector]:
    """The place, and where it lies on a face its images on the others too."""
    ways = [(value, value + 1) if value < 0.01 else (value, value - 1) if value > 0.99 else (value,) for value in place]
    return [(x, y, z) for x in ways[0] for y in ways[1] for z in ways[2]]


def _ball(draw: ImageDraw.ImageDraw, at: tuple[float, float], radius: float, colour: Colour) -> None:
    x, y = at
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour, outline=BLACK)
    light, spot = tuple(min(255, value + 70) for value in colour), radius * 0.35
    centre_x, centre_y = x - radius * 0.3, y - radius * 0.3
    draw.ellipse((centre_x - spot, centre_y - spot, centre_x + spot, centre_y + spot), fill=light)


def _faded(colour: Colour, depth: float) -> Colour:
    """What lies behind is darker; `depth` from -1 (far) to 1."""
    red, green, blue = (round(value * (0.75 + 0.25 * max(-1.0, min(1.0, depth)))) for value in colour)
    return red, green, blue
