"""The whole screen: pages, the focus, and where clicks and keys go."""

from functools import partial

from PIL import Image, ImageDraw

from instruments.practice.instrument import Instrument
from instruments.practice.screen import keys
from instruments.practice.screen.canvas import Item
from instruments.practice.screen.pages import PAGES, Page
from instruments.practice.screen.theme import (
    HEAD,
    HEADER,
    INK,
    LOG,
    OCHRE,
    PANEL,
    SMALL,
    SOFT,
    TABS_BOTTOM,
    TABS_TOP,
    TEXT,
    font,
)
from instruments.practice.screen.widgets import Button, button_item

TAB_WIDTH = 164


class Desk:
    """What viewers of one instrument share: the page they are on and the button that has the focus."""

    def __init__(self, instrument: Instrument):
        self.instrument = instrument
        self.pages: list[Page] = [page(instrument, self.turn_to) for page in PAGES]
        self.number = 0
        self.focus: int | None = None  # among buttons(); nobody has touched the keyboard yet: none

    @property
    def page(self) -> Page:
        return self.pages[self.number]

    def turn_to(self, number: int) -> None:
        """Show another page."""
        self.number = max(0, min(number, len(self.pages) - 1))
        self.focus = None
        self.page.opened()

    def buttons(self) -> list[Button]:
        return [*self._tabs(), *self.page.buttons()]

    def items(self) -> list[Item]:
        buttons = [button_item(button, is_focused=number == self.focus) for number, button in enumerate(self.buttons())]
        return [self._header(), *buttons, *self.page.items(), self._log()]

    def press(self, x: int, y: int) -> None:
        """A click of the first mouse button, or a touch."""
        self.focus = None
        for button in self.buttons():
            if button.holds(x, y):
                if button.is_enabled:
                    button.deed()
                return
        self.page.press(x, y)

    def key(self, keysym: int) -> None:
        keysym = keys.lowered(keysym)
        if keysym in (keys.TAB, keys.BACK_TAB):
            self._move_focus(-1 if keysym == keys.BACK_TAB else 1)
            return
        buttons = self.buttons()
        if keysym in (keys.RETURN, keys.ENTER) and self.focus is not None:
            buttons[self.focus].deed()
            return
        for button in buttons:
            if button.key == keysym and button.is_enabled:
                button.deed()
                return
        self.page.key(keysym)

    def _move_focus(self, step: int) -> None:
        places = [number for number, button in enumerate(self.buttons()) if button.is_enabled]
        if self.focus is None:
            self.focus = places[0 if step > 0 else -1]
            return
        later = [place for place in places if (place - self.focus) * step > 0]
        self.focus = (later or places)[0] if step > 0 else (later or places)[-1]

    def _tabs(self) -> list[Button]:
        tabs = []
        for number, page in enumerate(self.pages):
            left = 12 + number * (TAB_WIDTH + 3)
            box = (left, TABS_TOP, left + TAB_WIDTH, TABS_BOTTOM)
            deed, is_chosen = partial(self.turn_to, number), number == self.number
            tabs.append(Button(box, page.title, deed, ord(str(number + 1)), str(number + 1), is_chosen=is_chosen))
        return tabs

    def _header(self) -> Item:
        instrument = self.instrument
        state, name = instrument.doing.value, instrument.crystal.name

        def paint(draw: ImageDraw.ImageDraw, picture: Image.Image) -> None:
            draw.text((16, 29), "PD-1", OCHRE, font(HEAD, is_bold=True), anchor="lm")
            draw.text((96, 29), "Practice diffractometer", INK, font(HEAD), anchor="lm")
            draw.text((1008, 29), f"{name} · {state}", SOFT, font(TEXT), anchor="rm")

        return Item(HEADER, (state, name), paint)

    def _log(self) -> Item:
        entries = tuple(self.instrument.log[-2:])

        def paint(draw: ImageDraw.ImageDraw, picture: Image.Image) -> None:
            draw.rounded_rectangle((0, 0, picture.width - 1, picture.height - 1), 9, fill=PANEL)
            for number, entry in enumerate(entries):
                y = 7 + number * 27
                draw.text((14, y), f"{entry.moment:%H:%M} UTC", SOFT, font(SMALL))
                draw.text((146, y), entry.text, INK, font(SMALL))

        return Item(LOG, entries, paint)
