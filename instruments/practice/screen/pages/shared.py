"""What the pages with a detector share."""

from collections.abc import Callable, Sequence
from functools import partial

from instruments.practice.beam.frames import Pixels
from instruments.practice.screen.canvas import Item
from instruments.practice.screen.detector import BRIGHTNESS, detector_picture
from instruments.practice.screen.pages.page import Page
from instruments.practice.screen.theme import PANEL_LEFT, PANEL_RIGHT, PICTURE
from instruments.practice.screen.widgets import Button

PLUS, EQUALS, MINUS = ord("+"), ord("="), ord("-")


class DetectorPage(Page):
    """A page whose picture is the detector's; + and - make it brighter and darker."""

    brightness = 2

    def detector(self, key: object, frame: Callable[[], Pixels]) -> Item:
        """`key` changes with the frame."""
        distance, brightness = self.instrument.settings.distance, self.brightness
        return Item(
            PICTURE,
            (key, distance, brightness),
            lambda _draw, picture: detector_picture(frame(), distance, brightness, picture),
        )

    def key(self, keysym: int) -> None:
        step = {PLUS: 1, EQUALS: 1, MINUS: -1}.get(keysym, 0)
        self.brightness = max(0, min(len(BRIGHTNESS) - 1, self.brightness + step))


def choices(
    top: int,
    values: Sequence[float],
    chosen: float,
    label: str,
    choose: Callable[[float], None],
    first_key: str,
    *,
    is_enabled: bool,
) -> list[Button]:
    """A row of buttons, one a value; their keys are letters that follow each other from `first_key` on."""
    width = (PANEL_RIGHT - PANEL_LEFT + 8) // len(values)
    buttons = []
    for number, value in enumerate(values):
        left, letter = PANEL_LEFT + number * width, chr(ord(first_key) + number)
        box = (left, top, left + width - 8, top + 52)
        deed, is_chosen = partial(choose, value), value == chosen
        text = label.format(value)
        buttons.append(Button(box, text, deed, ord(letter), letter.upper(), is_chosen=is_chosen, is_enabled=is_enabled))
    return buttons
