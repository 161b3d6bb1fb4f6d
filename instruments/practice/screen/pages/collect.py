"""Page 5: the run."""

from array import array
from functools import partial

from PIL import Image, ImageDraw

from instruments.practice.beam.run import Run
from instruments.practice.beam.strategy import CURVE, OVERHEAD, plans
from instruments.practice.instrument import Doing
from instruments.practice.screen import keys
from instruments.practice.screen.canvas import Item
from instruments.practice.screen.pages.shared import DetectorPage
from instruments.practice.screen.theme import (
    BRIGHT,
    CAPTION,
    EDGE,
    OCHRE,
    PANEL_LEFT,
    PANEL_RIGHT,
    PANEL_TOP,
    PAPER,
    SMALL,
    SOFT,
)
from instruments.practice.screen.widgets import Button, Line, Look, panel, wrapped
from instruments.practice.screen.words import clock, duration, percent

BAR = (PANEL_LEFT, 404, PANEL_RIGHT, 444)
LABELS = {Doing.COLLECTING: "Pause", Doing.PAUSED: "Go on"}


class CollectPage(DetectorPage):
    title = "Collect"

    def buttons(self) -> list[Button]:
        instrument, doing = self.instrument, self.instrument.doing
        main = instrument.pause if doing is Doing.COLLECTING else instrument.start
        label = LABELS.get(doing, "Start" if not instrument.result else "Collect again")
        is_free, is_running = doing is not Doing.SCREENING, doing in LABELS
        middle = (PANEL_LEFT + PANEL_RIGHT) // 2
        done = instrument.result is not None
        return [
            Button(
                (PANEL_LEFT, 460, PANEL_RIGHT, 532),
                label,
                main,
                0 if done else keys.SPACE,
                "" if done else "Space",
                Look.PLAIN if done else Look.MAIN,
                is_free,
            ),
            Button((PANEL_LEFT, 628, middle - 4, 692), "Stop", instrument.stop, ord("x"), "X", Look.DANGER, is_running),
            Button(
                (middle + 4, 628, PANEL_RIGHT, 692),
                "Data",
                partial(self.turn_to, 5),
                keys.SPACE if done else ord("d"),
                "Space" if done else "D",
                Look.MAIN if done else Look.PLAIN,
                done,
            ),
        ]

    def items(self) -> list[Item]:
        instrument, run = self.instrument, self.instrument.run
        warning = [] if instrument.is_centred else [Line("The crystal is not centred", colour=OCHRE)]
        if run is None or run.number == 0:
            settings = instrument.settings
            lines = [
                Line("Turn by", f"{settings.degrees:g}°"),
                Line("Frames", f"{round(settings.degrees / settings.width)} of {settings.width:g}°"),
                Line("Exposure", f"{settings.exposure:g} s"),
                *warning,
                *wrapped("The practice instrument's clock runs fast: ten frames a second."),
            ]
            picture, caption = self.detector(None, lambda: array("H")), Line("No frame yet", size=SMALL)
            share = 0.0
        else:
            lines, share = self._progress(run) + warning, run.number / run.frames
            picture = self.detector((run, run.number), lambda: run.frame)
            caption = Line(f"{run.settings.distance:g} mm", f"{run.settings.width:g}° a frame", size=SMALL)
        return [
            picture,
            panel(CAPTION, [caption], gap=4),
            panel((PANEL_LEFT, PANEL_TOP, PANEL_RIGHT, 396), lines),
            Item(BAR, round(share, 4), partial(paint_bar, share)),
        ]

    def _progress(self, run: Run) -> list[Line]:
        settings, instrument = run.settings, self.instrument
        a_frame = settings.exposure + OVERHEAD
        curve = plans(instrument.crystal, instrument.needle, settings.distance, CURVE)
        left = (run.frames - run.number) * a_frame
        here = curve[min(len(curve) - 1, int(run.number * settings.width / 5))]
        return [
            Line("Frame", f"{run.number} of {run.frames}", is_bold=True),
            Line("Instrument's clock", clock(run.number * a_frame)),
            Line("Still to go", duration(left) if left else "nothing"),
            Line("Complete so far", percent(here.completeness)),
        ]


def paint_bar(share: float, draw: ImageDraw.ImageDraw, picture: Image.Image) -> None:
    width, height = picture.size
    draw.rounded_rectangle((0, 0, width - 1, height - 1), 9, fill=PAPER, outline=EDGE)
    if share:
        draw.rounded_rectangle(
            (4, 4, max(20, 4 + (width - 9) * share), height - 5), 7, fill=BRIGHT if share < 1 else SOFT
        )
