"""Africa as squares of one size, darker where more hours were delivered."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_countries import countries

from portal.pages.impact.regions import TILE_COLUMNS, TILE_ROWS, TILES
from portal.pages.impact.tables import Table

STEPS = (1, 10, 50, 200, 1000)  # hours with which the classes q1 to q5 begin
SIDE, PITCH = 44, 48  # of a square, from one to the next
WIDTH, HEIGHT = TILE_COLUMNS * PITCH - PITCH + SIDE, TILE_ROWS * PITCH - PITCH + SIDE


@dataclass(frozen=True)
class Tile:
    """A state; `x` and `y` are its corner and `middle` that of its code, in units of the drawing."""

    code: str
    words: str
    step: int
    x: int
    y: int

    @property
    def middle(self) -> tuple[int, int]:
        return self.x + SIDE // 2, self.y + SIDE // 2 + 6


@dataclass(frozen=True)
class Map:
    tiles: list[Tile]
    reached: int
    key: list[tuple[int, str]]  # class, what it stands for
    side: int = SIDE
    width: int = WIDTH
    height: int = HEIGHT


def map_of(table: Table) -> Map:
    """The tiles of the table of countries; states that it does not name have no hours."""
    hours = {line.code: line.cells[0] for line in table.lines if isinstance(line.cells[0], int)}
    tiles = [
        Tile(code, _words(code, hours.get(code, 0)), bisect_right(STEPS, hours.get(code, 0)), x * PITCH, y * PITCH)
        for code, (x, y) in TILES.items()
    ]
    return Map(tiles, sum(tile.step > 0 for tile in tiles), _key())


def _words(code: str, hours: int) -> str:
    number = ngettext("%(hours)s hour", "%(hours)s hours", hours) % {"hours": hours}
    return _("%(country)s: %(hours)s") % {"country": countries.name(code), "hours": number}


def _key() -> list[tuple[int, str]]:
    between = [
        (step, _("%(first)s to %(last)s hours") % {"first": first, "last": after - 1})
        for step, (first, after) in enumerate(pairwise(STEPS), start=1)
    ]
    most = _("%(first)s hours and more") % {"first": STEPS[-1]}
    return [(0, _("no hours yet")), *between, (len(STEPS), most)]
