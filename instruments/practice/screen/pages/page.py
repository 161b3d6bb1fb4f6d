"""What every page has."""

from collections.abc import Callable

from instruments.practice.instrument import Instrument
from instruments.practice.screen.canvas import Item
from instruments.practice.screen.widgets import Button


class Page:
    title = ""

    def __init__(self, instrument: Instrument, turn_to: Callable[[int], None]):
        self.instrument = instrument
        self.turn_to = turn_to

    def opened(self) -> None:
        """Somebody turned to this page."""

    def buttons(self) -> list[Button]:
        return []

    def items(self) -> list[Item]:
        return []

    def press(self, x: int, y: int) -> None:
        """A click that met no button."""

    def key(self, keysym: int) -> None:
        """A key that no button has."""
