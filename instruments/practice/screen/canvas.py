"""The picture that viewers see, painted anew only where its items changed."""

from collections.abc import Callable, Hashable, Iterator
from typing import NamedTuple

from PIL import Image, ImageDraw

from instruments.practice.rfb.damage import Box, differences
from instruments.practice.screen.theme import PAPER

SIZE = (1024, 768)
SHADE = 16  # of 256: colours are rounded to so few that the edges of letters take a third fewer bytes
_SHADES = [min(255, (value + SHADE // 2) // SHADE * SHADE) for value in range(256)] * 3

Paint = Callable[[ImageDraw.ImageDraw, Image.Image], None]


class Item(NamedTuple):
    """A part of the screen that stands on nothing else's ground.

    `paint(draw, picture)` draws it on a picture of its own size, already paper; equal keys look equal.
    """

    box: Box
    key: Hashable
    paint: Paint


class Canvas:
    def __init__(self) -> None:
        self.picture = Image.new("RGB", SIZE, PAPER).point(_SHADES)
        self.shown: dict[Box, Hashable] = {}

    def show(self, items: list[Item]) -> list[Box]:
        """Bring the picture to these items; return where it changed."""
        wanted = {item.box: item.key for item in items}
        changed: list[Box] = []
        for box in self.shown.keys() - wanted.keys():
            changed += self._put(box, Image.new("RGB", _size(box), PAPER).point(_SHADES))
        for item in items:
            if item.box not in self.shown or self.shown[item.box] != item.key:
                changed += self._put(item.box, _painted(item))
        self.shown = wanted
        return changed

    def _put(self, box: Box, part: Image.Image) -> Iterator[Box]:
        before = self.picture.crop(box)
        found = list(differences(before, part, box[:2]))
        self.picture.paste(part, box[:2])
        yield from found


def _painted(item: Item) -> Image.Image:
    part = Image.new("RGB", _size(item.box), PAPER)
    item.paint(ImageDraw.Draw(part), part)
    return part.point(_SHADES)


def _size(box: Box) -> tuple[int, int]:
    return box[2] - box[0], box[3] - box[1]
