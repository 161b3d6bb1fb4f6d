"""Buttons, and text in boxes."""

from collections.abc import Callable, Iterable
from enum import Enum
from typing import NamedTuple

from PIL import Image, ImageDraw

from instruments.practice.rfb.damage import Box
from instruments.practice.screen.canvas import Item
from instruments.practice.screen.theme import (
    BRIGHT,
    EDGE,
    FOCUS,
    GREEN,
    INK,
    PANEL,
    RAISED,
    RED,
    SMALL,
    SOFT,
    TEXT,
    TINY,
    Colour,
    font,
)

COLUMN = 105  # pixels; a button whose label has tabs is a row of a table


class Look(Enum):
    PLAIN = RAISED
    MAIN = GREEN
    DANGER = RED


class Button(NamedTuple):
    """`key` is the key symbol that does the same; `shortcut` how the button names it."""

    box: Box
    label: str
    deed: Callable[[], None]
    key: int = 0
    shortcut: str = ""
    look: Look = Look.PLAIN
    is_enabled: bool = True
    is_chosen: bool = False
    note: str = ""  # a second line, smaller

    def holds(self, x: int, y: int) -> bool:
        left, top, right, bottom = self.box
        return left <= x < right and top <= y < bottom


class Line(NamedTuple):
    """A line of a panel: text, or two columns of it."""

    text: str
    value: str = ""
    colour: Colour = INK
    size: int = TEXT
    is_bold: bool = False


def button_item(button: Button, *, is_focused: bool) -> Item:
    """The button as it looks now."""

    def paint(draw: ImageDraw.ImageDraw, picture: Image.Image) -> None:
        width, height = picture.size
        fill = button.look.value if button.is_enabled else PANEL
        ink = INK if button.is_enabled else EDGE
        edge = FOCUS if is_focused else BRIGHT if button.is_chosen else EDGE
        thickness = 4 if is_focused else 3 if button.is_chosen else 1
        draw.rounded_rectangle((0, 0, width - 1, height - 1), 9, fill=fill, outline=edge, width=thickness)
        right, soft = width - 14, SOFT if button.look is Look.PLAIN else INK
        if button.shortcut:
            draw.text(
                (right, height / 2), button.shortcut, soft if button.is_enabled else EDGE, font(TINY), anchor="rm"
            )
            right -= int(font(TINY).getlength(button.shortcut)) + 10
        if "\t" in button.label:
            for number, part in enumerate(button.label.split("\t")):
                draw.text((16 + number * COLUMN, height / 2), part, ink, font(SMALL), anchor="lm")
        elif button.note:
            draw.text((16, height / 2 - 2), button.label, ink, font(TEXT, is_bold=True), anchor="ls")
            draw.text((16, height / 2 + 5), fitted(button.note, right - 16), SOFT, font(TINY), anchor="la")
        elif button.shortcut:
            size = TEXT if font(TEXT, is_bold=True).getlength(button.label) < right - 18 else TINY
            draw.text((16, height / 2), button.label, ink, font(size, is_bold=True), anchor="lm")
        else:
            draw.text((width / 2, height / 2), button.label, ink, font(SMALL, is_bold=True), anchor="mm")

    return Item(button.box, (button[1], *button[3:], is_focused), paint)


def panel(box: Box, lines: Iterable[Line], *, gap: int = 9) -> Item:
    """Lines of text on a raised ground; values stand at the right edge."""
    lines = tuple(lines)

    def paint(draw: ImageDraw.ImageDraw, picture: Image.Image) -> None:
        width, height = picture.size
        draw.rounded_rectangle((0, 0, width - 1, height - 1), 9, fill=PANEL)
        y = 12 if height > 60 else 5 if len(lines) > 1 else (height - lines[0].size) // 2 - 2
        for line in lines:
            face = font(line.size, is_bold=line.is_bold)
            draw.text((16, y), line.text, SOFT if line.value else line.colour, face)
            draw.text((width - 16, y), line.value, line.colour, face, anchor="ra")
            y += line.size + gap

    return Item(box, lines, paint)


def columns(box: Box, names: tuple[str, ...]) -> Item:
    """The heads of a table whose rows are buttons."""

    def paint(draw: ImageDraw.ImageDraw, picture: Image.Image) -> None:
        for number, name in enumerate(names):
            draw.text((16 + number * COLUMN, picture.height / 2), name, SOFT, font(TINY), anchor="lm")

    return Item(box, names, paint)


def fitted(text: str, width: int, size: int = TINY) -> str:
    """The text, cut with an ellipsis where it is too long."""
    face = font(size)
    if face.getlength(text) <= width:
        return text
    while text and face.getlength(text + "…") > width:
        text = text[:-1]
    return text.rstrip() + "…"


def wrapped(text: str, width: int = 440, size: int = SMALL, colour: Colour = SOFT) -> list[Line]:
    """A paragraph in lines."""
    face, lines, line = font(size), [], ""
    for word in text.split():
        if line and face.getlength(f"{line} {word}") > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [Line(part, colour=colour, size=size) for part in [*lines, line] if part]
