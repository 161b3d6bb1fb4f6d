"""Numbers as crystallographers write them."""

import math

from instruments.practice.beam.refine import Refined
from instruments.practice.screen.theme import SMALL, SOFT
from instruments.practice.screen.widgets import Line


def with_error(value: float, error: float) -> str:
    """5.6402(8): the last digits' uncertainty in brackets; a value known exactly keeps four digits."""
    if error <= 0:
        return f"{value:.4f}"
    digits = max(0, min(5, -math.floor(math.log10(error / 1.95))))
    return f"{value:.{digits}f}({max(1, round(error * 10**digits))})"


def cell_lines(refined: Refined) -> list[Line]:
    """The six numbers, two a line."""
    values = [with_error(value, error) for value, error in zip(refined.cell, refined.errors, strict=True)]
    lines = [Line(f"Cell from {refined.spots} spots", colour=SOFT, size=SMALL)]
    for number, (length, angle) in enumerate(zip("abc", "αβγ", strict=True)):
        lines.append(Line(f"{length} {values[number]} Å", f"{angle} {values[number + 3]}°", size=SMALL))
    return lines


def duration(seconds: float) -> str:
    """1:05 h or 12 min."""
    minutes = round(seconds / 60)
    return f"{minutes // 60}:{minutes % 60:02} h" if minutes >= 60 else f"{max(1, minutes)} min"


def clock(seconds: float) -> str:
    """0:03:20."""
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"
