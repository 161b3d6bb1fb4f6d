"""Page 6: what was measured."""

import math
from functools import partial

from PIL import Image, ImageDraw

from instruments.practice.beam.results import Measured, Result, Shell
from instruments.practice.crystals.cell import Indices, times
from instruments.practice.crystals.symmetry import family
from instruments.practice.screen import keys
from instruments.practice.screen.canvas import Item
from instruments.practice.screen.pages.page import Page
from instruments.practice.screen.theme import (
    BLACK,
    BRIGHT,
    CAPTION,
    EDGE,
    INK,
    OCHRE,
    PANEL_LEFT,
    PANEL_RIGHT,
    PANEL_TOP,
    PICTURE,
    SMALL,
    SOFT,
    TINY,
    font,
)
from instruments.practice.screen.widgets import Button, Line, Look, fitted, panel, wrapped
from instruments.practice.screen.words import cell_lines, percent

LAYERS = 4


class DataPage(Page):
    title = "Data"
    layer = 0

    def buttons(self) -> list[Button]:
        middle, has_result = (PANEL_LEFT + PANEL_RIGHT) // 2, self.instrument.result is not None
        is_free = not self.instrument.is_busy
        label = f"Layer hk{(self.layer + 1) % LAYERS}"
        return [
            Button((PANEL_LEFT, 628, middle - 4, 692), label, self._next_layer, ord("l"), "L", is_enabled=has_result),
            Button(
                (middle + 4, 628, PANEL_RIGHT, 692),
                "Next crystal",
                partial(self.turn_to, 0),
                ord("n"),
                "N",
                Look.MAIN,
                is_free,
            ),
        ]

    def items(self) -> list[Item]:
        result = self.instrument.result
        if result is None:
            text = (
                "Nothing is measured yet. After a collection the reflections are listed, judged and written to files."
            )
            return [
                Item(PICTURE, None, lambda draw, picture: draw.rectangle((0, 0, *picture.size), fill=BLACK)),
                panel((PANEL_LEFT, PANEL_TOP, PANEL_RIGHT, 396), wrapped(text)),
            ]
        caption = Line(f"Layer hk{self.layer}", "intensity as size, with symmetry", size=SMALL)
        number = self.instrument.runs
        return [
            Item(PICTURE, (number, self.layer), partial(paint_layer, result, self.layer)),
            panel(CAPTION, [caption], gap=4),
            panel((PANEL_LEFT, PANEL_TOP, PANEL_RIGHT, 620), [*summary(result), *self._kept()], gap=6),
        ]

    def _kept(self) -> list[Line]:
        is_kept = self.instrument.finished is not None
        return [
            Line("Files go to the session’s data" if is_kept else "A trial: no files are kept", colour=SOFT, size=18)
        ]

    def _next_layer(self) -> None:
        self.layer = (self.layer + 1) % LAYERS

    def key(self, keysym: int) -> None:
        step = {keys.LEFT: -1, keys.RIGHT: 1}.get(keysym, 0)
        self.layer = (self.layer + step) % LAYERS


def summary(result: Result) -> list[Line]:
    """The figures by which one judges a data set."""
    whole, lines = result.whole, [Line("Reflections", str(len(result.measured)), size=SMALL, is_bold=True)]
    lines += [
        Line(f"Complete to {whole.least:.2f} Å", percent(whole.completeness), size=SMALL),
        Line("Times each, mean I/σ", f"{whole.redundancy:.1f}, {whole.signal:.1f}", size=SMALL),
        Line("R(int)", percent(whole.r_int) if whole.r_int is not None else "nothing twice", size=SMALL),
        Line("Outermost shell I/σ", f"{outermost(result).signal:.1f}", size=SMALL),
        Line("R1, published structure", percent(result.r1) if result.r1 is not None else "too weak", size=SMALL),
    ]
    if result.overloads:
        lines.append(Line("Overloaded, left out", str(result.overloads), colour=OCHRE, size=SMALL))
    lines += (
        cell_lines(result.refined) if result.refined else [Line("No cell: too few spots", colour=OCHRE, size=SMALL)]
    )
    lines.append(Line("Systematic absences", colour=SOFT, size=SMALL))
    rules = [Line(fitted(absence.rule, 440, 18), size=18, colour=BRIGHT) for absence in result.absences[:3]]
    return lines + (rules or [Line("none found", size=18)])


def outermost(result: Result) -> Shell:
    return result.shells[-1]


def layer_points(result: Result, layer: int) -> dict[Indices, Measured]:
    """What stands in a layer, the planes that symmetry makes equal included."""
    seen = {one.unique: one for one in result.measured}
    points = {}
    for unique, one in seen.items():
        for mate in family(result.crystal.generators, unique):
            if mate[2] == layer:
                points[mate] = one
    return points


def paint_layer(result: Result, layer: int, draw: ImageDraw.ImageDraw, picture: Image.Image) -> None:
    """One layer of the reciprocal lattice, undistorted, as a precession photograph shows it."""
    width = picture.width
    draw.rounded_rectangle((0, 0, width - 1, width - 1), 9, fill=BLACK)
    matrix, middle = result.crystal.cell.b_matrix, width / 2
    scale = 0.46 * width * result.whole.least
    points = layer_points(result, layer)
    most = max((one.square for one in points.values()), default=1.0)
    base = times(matrix, (0, 0, layer))
    for hkl, one in points.items():
        x, y, _z = (value - start for value, start in zip(times(matrix, hkl), base, strict=True))
        at = middle + x * scale, middle - y * scale
        if one.square > 3 * one.sigma:
            draw.circle(at, max(2.0, 11 * (one.square / most) ** 0.3), fill=INK)
        else:
            draw.circle(at, 1, fill=EDGE)
    for name, hkl in (("a*", (1, 0, 0)), ("b*", (0, 1, 0))):
        x, y, _z = times(matrix, hkl)
        long = math.hypot(x, y)
        end = middle + x / long * 226, middle - y / long * 226
        draw.line((middle, middle, *end), (52, 74, 74))
        draw.text(end, name, SOFT, font(TINY), anchor="mm", stroke_width=4, stroke_fill=BLACK)
