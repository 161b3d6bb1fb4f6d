"""Page 2: the crystal to where the beam and the axis meet."""

from functools import partial

from instruments.practice.screen import keys
from instruments.practice.screen.canvas import Item
from instruments.practice.screen.detector import MILLIMETRE, microscope_picture
from instruments.practice.screen.pages.page import Page
from instruments.practice.screen.theme import BRIGHT, CAPTION, OCHRE, PANEL_LEFT, PANEL_RIGHT, PANEL_TOP, PICTURE, SMALL
from instruments.practice.screen.widgets import Button, Line, Look, panel, wrapped

STEP = 0.02  # millimetres an arrow moves
HELP = "Click the crystal to bring it to the cross, or move it by the arrows. Turn it, and do so again from each side."
ARROWS = {keys.LEFT: (-1, 0), keys.RIGHT: (1, 0), keys.UP: (0, 1), keys.DOWN: (0, -1)}


class CentrePage(Page):
    title = "Centre"

    def buttons(self) -> list[Button]:
        instrument, is_free = self.instrument, not self.instrument.is_busy
        middle, left, right = (PANEL_LEFT + PANEL_RIGHT) // 2, PANEL_LEFT, PANEL_RIGHT
        arrows = []
        for number, (label, key) in enumerate((("←", keys.LEFT), ("↑", keys.UP), ("↓", keys.DOWN), ("→", keys.RIGHT))):
            x = left + number * 119
            deed = partial(self._nudge, key)
            arrows.append(Button((x, 396, x + 115, 460), label, deed, key, is_enabled=is_free))
        return [
            *arrows,
            Button((left, 470, middle - 4, 534), "Turn 90°", instrument.turn, ord("r"), "R"),
            Button((middle + 4, 470, right, 534), "By itself", instrument.centre, ord("a"), "A", is_enabled=is_free),
            Button(
                (left, 628, right, 692), "Next: screen it", partial(self.turn_to, 2), keys.SPACE, "Space", Look.MAIN
            ),
        ]

    def items(self) -> list[Item]:
        instrument = self.instrument
        crystal, seed, view, seen = instrument.crystal, instrument.needle, instrument.view, instrument.seen()
        where = Line("", f"{seen[0]:+.2f} mm across, {seen[1]:+.2f} mm up", size=SMALL)
        done = instrument.is_centred
        state = Line("Centred from every side" if done else "Not centred yet", colour=BRIGHT if done else OCHRE)
        return [
            Item(
                PICTURE,
                (seed, view, round(seen[0], 3), round(seen[1], 3)),
                lambda _draw, picture: microscope_picture(crystal, seed, view, seen, picture),
            ),
            panel(CAPTION, [Line(f"Seen from {view}°", where.value, size=SMALL)], gap=4),
            panel((PANEL_LEFT, PANEL_TOP, PANEL_RIGHT, 388), [state, *wrapped(HELP)]),
        ]

    def press(self, x: int, y: int) -> None:
        left, top, right, bottom = PICTURE
        if left <= x < right and top <= y < bottom:
            across, up = (x - (left + right) / 2) / MILLIMETRE, ((top + bottom) / 2 - y) / MILLIMETRE
            self.instrument.move(-across, -up)

    def _nudge(self, key: int) -> None:
        across, up = ARROWS[key]
        self.instrument.move(across * STEP, up * STEP)
