"""Page 4: how far to turn, from what the lattice says of completeness."""

from functools import partial

from PIL import Image, ImageDraw

from instruments.practice.beam.geometry import DISTANCES, edge_spacing
from instruments.practice.beam.strategy import CURVE, RANGES, Plan, frames_of, plans, seconds_of
from instruments.practice.instrument import WIDTHS, Doing
from instruments.practice.screen import keys
from instruments.practice.screen.canvas import Item
from instruments.practice.screen.pages.page import Page
from instruments.practice.screen.pages.shared import choices
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
from instruments.practice.screen.widgets import Button, Line, Look, columns, panel
from instruments.practice.screen.words import duration, percent

ROW = 50


class StrategyPage(Page):
    title = "Strategy"

    def buttons(self) -> list[Button]:
        instrument, settings = self.instrument, self.instrument.settings
        is_free = instrument.doing is Doing.NOTHING
        distances = choices(
            PANEL_TOP,
            DISTANCES,
            settings.distance,
            "{:g} mm",
            lambda value: instrument.choose(distance=value),
            "d",
            is_enabled=is_free,
        )
        widths = choices(
            PANEL_TOP + 60,
            WIDTHS,
            settings.width,
            "{:g}° wide",
            lambda value: instrument.choose(width=value),
            "g",
            is_enabled=is_free,
        )
        rows = [self._row(number, plan, is_free=is_free) for number, plan in enumerate(instrument.table)]
        middle = (PANEL_LEFT + PANEL_RIGHT) // 2
        advise = Button(
            (PANEL_LEFT, 628, middle - 4, 692), "Advise", self._take_advice, ord("a"), "A", Look.PLAIN, is_free
        )
        after = Button(
            (middle + 4, 628, PANEL_RIGHT, 692), "Next", partial(self.turn_to, 4), keys.SPACE, "Space", Look.MAIN
        )
        return [*distances, *widths, *rows, advise, after]

    def _row(self, number: int, plan: Plan, *, is_free: bool) -> Button:
        instrument, settings = self.instrument, self.instrument.settings
        top, letter = 274 + number * (ROW + 4), chr(ord("k") + number)
        took = duration(seconds_of(plan.degrees, settings.width, settings.exposure))
        label = f"{plan.degrees}°\t{percent(plan.completeness)}\t{plan.redundancy:.1f}\t{took}"
        is_chosen = plan.degrees == settings.degrees
        deed = partial(instrument.choose, degrees=plan.degrees)
        box = (PANEL_LEFT, top, PANEL_RIGHT, top + ROW)
        return Button(box, label, deed, ord(letter), letter.upper(), is_chosen=is_chosen, is_enabled=is_free)

    def items(self) -> list[Item]:
        instrument, settings = self.instrument, self.instrument.settings
        curve = plans(instrument.crystal, instrument.needle, settings.distance, CURVE)
        frames = frames_of(settings.degrees, settings.width)
        resolution = f"to {edge_spacing(settings.distance):.2f} Å at the edge"
        return [
            Item(PICTURE, (curve, settings.degrees), partial(paint_curve, curve, settings.degrees)),
            panel(CAPTION, [Line(f"{frames} frames of {settings.exposure:g} s", resolution, size=SMALL)], gap=4),
            columns((PANEL_LEFT, 244, PANEL_RIGHT, 270), ("turn by", "complete", "times each", "takes")),
        ]

    def key(self, keysym: int) -> None:
        step = {keys.UP: -1, keys.DOWN: 1}.get(keysym, 0)
        if step and self.instrument.doing is Doing.NOTHING:
            number = RANGES.index(int(self.instrument.settings.degrees)) + step
            self.instrument.choose(degrees=RANGES[max(0, min(len(RANGES) - 1, number))])

    def _take_advice(self) -> None:
        advice = self.instrument.advice
        self.instrument.choose(degrees=advice.degrees)
        self.instrument.say(f"Advice: turn by {advice.degrees}° for {percent(advice.completeness)} of the reflections")


def paint_curve(curve: tuple[Plan, ...], degrees: float, draw: ImageDraw.ImageDraw, picture: Image.Image) -> None:
    """Completeness against the rotation."""
    draw.rounded_rectangle((0, 0, picture.width - 1, picture.height - 1), 9, fill=BLACK)
    left, right, top, bottom = 72, 490, 60, 440

    def at(turn: float, share: float) -> tuple[float, float]:
        return left + (right - left) * turn / 360, bottom - (bottom - top) * share

    draw.text((left, 22), "Unique reflections met", SOFT, font(SMALL), anchor="lm")
    for share in (0, 0.25, 0.5, 0.75, 1):
        draw.line((*at(0, share), *at(360, share)), EDGE if share in (0, 1) else (38, 52, 52))
        draw.text((left - 8, at(0, share)[1]), f"{share:.0%}", SOFT, font(TINY), anchor="rm")
    for turn in range(0, 361, 90):
        draw.text((at(turn, 0)[0], bottom + 18), f"{turn}°", SOFT, font(TINY), anchor="mm")
    draw.line([at(plan.degrees, plan.completeness) for plan in curve], BRIGHT, 4, joint="curve")
    draw.line((*at(degrees, 0), *at(degrees, 1)), OCHRE, 2)
    draw.text((left, bottom + 50), f"Rotation about ω, chosen: {degrees:g}°", INK, font(SMALL), anchor="lm")
