"""Page 3: a few frames, to see whether and how far the crystal diffracts."""

from array import array
from functools import partial

from instruments.practice.beam.screening import ANGLES, WIDTH
from instruments.practice.instrument import EXPOSURES, Doing
from instruments.practice.screen import keys
from instruments.practice.screen.canvas import Item
from instruments.practice.screen.pages.shared import DetectorPage, choices
from instruments.practice.screen.theme import BRIGHT, CAPTION, OCHRE, PANEL_LEFT, PANEL_RIGHT, PANEL_TOP, SMALL
from instruments.practice.screen.widgets import Button, Line, Look, panel, wrapped
from instruments.practice.screen.words import cell_lines

HELP = (
    "Four frames far apart tell whether the crystal is single, how far it diffracts, and its cell. "
    "The keys + and − change the brightness."
)


class ScreeningPage(DetectorPage):
    title = "Screen"
    shown = 0

    def buttons(self) -> list[Button]:
        instrument = self.instrument
        is_free, screening = instrument.doing is Doing.NOTHING, instrument.screening
        taken = len(screening.kept) if screening else 0
        exposures = choices(
            PANEL_TOP,
            EXPOSURES,
            instrument.settings.exposure,
            "{:g} s",
            lambda value: instrument.choose(exposure=value),
            "e",
            is_enabled=is_free,
        )
        frames = []
        for number, omega in enumerate(ANGLES):
            left = PANEL_LEFT + number * 120
            box, deed = (left, 560, left + 112, 616), partial(self._show, number)
            is_chosen = bool(taken) and number == self._number(taken)
            frames.append(
                Button(box, f"ω {omega}°", deed, ord("wxyz"[number]), is_chosen=is_chosen, is_enabled=number < taken)
            )
        middle = (PANEL_LEFT + PANEL_RIGHT) // 2
        take = "Take 4 frames" if not taken else "Take again"
        look = Look.PLAIN if taken else Look.MAIN
        after = Look.MAIN if taken else Look.PLAIN
        return [
            *exposures,
            *frames,
            Button((PANEL_LEFT, 628, middle - 4, 692), take, self._take, ord("t"), "T", look, is_free),
            Button((middle + 4, 628, PANEL_RIGHT, 692), "Next", partial(self.turn_to, 3), keys.SPACE, "Space", after),
        ]

    def items(self) -> list[Item]:
        screening = self.instrument.screening
        taken = len(screening.kept) if screening else 0
        number = self._number(taken)
        if screening and taken:
            picture = self.detector((screening, number), lambda: screening.frame(number))
            caption = Line(
                f"Frame {number + 1} of {len(ANGLES)}", f"from ω {ANGLES[number]}° on, {WIDTH:g}° wide", size=SMALL
            )
        else:
            picture = self.detector(None, lambda: array("H"))
            caption = Line("No frame yet", size=SMALL)
        return [
            picture,
            panel(CAPTION, [caption], gap=4),
            panel((PANEL_LEFT, 186, PANEL_RIGHT, 552), self._findings(), gap=7),
        ]

    def _findings(self) -> list[Line]:
        screening = self.instrument.screening
        if screening is None:
            text = HELP
            return wrapped(text)
        if not screening.is_done:
            return [Line(f"Exposing frame {len(screening.kept) + 1} of {len(ANGLES)}", colour=BRIGHT)]
        reaches, refined = screening.reaches, screening.refined
        lines = [
            Line("Spots on the lattice", str(screening.found)),
            Line("Diffracts to", f"{reaches:.2f} Å" if reaches else "too few spots"),
            Line("Brightest pixel", f"{screening.brightest} counts"),
        ]
        if not self.instrument.is_centred:
            lines.append(Line("Weak: the crystal is not centred", colour=OCHRE, size=SMALL))
        return lines + (cell_lines(refined) if refined else [Line("Too few spots for the cell", colour=OCHRE)])

    def _take(self) -> None:
        self.shown = len(ANGLES)
        self.instrument.screen()

    def _show(self, number: int) -> None:
        self.shown = number

    def _number(self, taken: int) -> int:
        return max(0, min(self.shown, taken - 1))
