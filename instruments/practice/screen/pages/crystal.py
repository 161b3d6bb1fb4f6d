"""Page 1: which crystal stands on the needle."""

from functools import partial

from instruments.practice.crystals.structures import CRYSTALS, Crystal
from instruments.practice.screen import keys
from instruments.practice.screen.canvas import Item
from instruments.practice.screen.pages.page import Page
from instruments.practice.screen.pictures import cell_picture
from instruments.practice.screen.theme import CAPTION, PANEL_LEFT, PANEL_RIGHT, PANEL_TOP, PICTURE, SMALL, SOFT
from instruments.practice.screen.widgets import Button, Line, Look, panel, wrapped

HEIGHT = 72


class CrystalPage(Page):
    title = "Crystal"

    def buttons(self) -> list[Button]:
        chosen = self.instrument.crystal
        buttons = []
        for number, crystal in enumerate(CRYSTALS):
            top = PANEL_TOP + number * (HEIGHT + 8)
            box = (PANEL_LEFT, top, PANEL_RIGHT, top + HEIGHT)
            letter = chr(ord("a") + number)
            buttons.append(
                Button(
                    box,
                    f"{crystal.name}  {crystal.formula}",
                    partial(self.instrument.mount, crystal),
                    ord(letter),
                    letter.upper(),
                    is_chosen=crystal == chosen,
                    note=f"{crystal.system}, {crystal.space_group}",
                    is_enabled=not self.instrument.is_busy,
                )
            )
        box = (PANEL_LEFT, 628, PANEL_RIGHT, 692)
        buttons.append(Button(box, "Next: centre it", partial(self.turn_to, 1), keys.SPACE, "Space", Look.MAIN))
        return buttons

    def items(self) -> list[Item]:
        crystal = self.instrument.crystal
        return [
            Item(PICTURE, crystal, partial(cell_picture, crystal)),
            panel(CAPTION, [Line(axes(crystal), size=17), Line(angles(crystal), size=17)], gap=5),
            panel((PANEL_LEFT, 532, PANEL_RIGHT, 620), source_lines(crystal), gap=5),
        ]

    def key(self, keysym: int) -> None:
        steps = {keys.UP: -1, keys.DOWN: 1}
        if keysym in steps and not self.instrument.is_busy:
            number = CRYSTALS.index(self.instrument.crystal) + steps[keysym]
            self.instrument.mount(CRYSTALS[number % len(CRYSTALS)])


def axes(crystal: Crystal) -> str:
    cell = crystal.cell
    return f"a {cell.a:.4f}   b {cell.b:.4f}   c {cell.c:.4f} Å"


def angles(crystal: Crystal) -> str:
    cell = crystal.cell
    return f"α {cell.alpha:g}°   β {cell.beta:g}°   γ {cell.gamma:g}°   V {cell.volume:.1f} Å³"


def source_lines(crystal: Crystal) -> list[Line]:
    return [Line("Cell and atoms from", size=SMALL, colour=SOFT), *wrapped(crystal.source, 440, 18)]
