"""The detector's image, and the crystal under the microscope."""

import math
import random

from PIL import Image, ImageDraw

from instruments.practice.beam.frames import Pixels
from instruments.practice.beam.geometry import CENTRE, PIXEL, PIXELS, WAVELENGTH
from instruments.practice.crystals.structures import Crystal
from instruments.practice.screen.theme import BLACK, EDGE, INK, OCHRE, SMALL, SOFT, TINY, Colour, font

FLOOR = 14  # counts: what is less is background and shown black, so that only spots travel to the viewers
BRIGHTNESS = (0.2, 0.6, 1.8, 5.0)  # of 255 a count
STEPS = 8  # grey levels: more tell the eye nothing and cost bytes
RINGS = (2.0, 1.2, 0.9)  # angstroms
RING: Colour = (44, 70, 70)
MILLIMETRE = 320  # pixels of the microscope's picture


def detector_picture(frame: Pixels, distance: float, brightness: int, picture: Image.Image) -> None:
    """Counts as brightness, with rings of equal resolution and the beam stop."""
    draw = ImageDraw.Draw(picture)
    if frame:
        counts = Image.frombytes("I;16", (PIXELS, PIXELS), frame.tobytes()).convert("I")
        factor = BRIGHTNESS[brightness]
        levels = counts.point(lambda count: count * factor - FLOOR * factor).convert("L")
        picture.paste(Image.merge("RGB", [levels.point(table) for table in _COLOURS]))
    else:
        picture.paste(BLACK, (0, 0, *picture.size))
    for spacing in RINGS:
        radius = math.tan(2 * math.asin(WAVELENGTH / (2 * spacing))) * distance / PIXEL
        draw.circle((CENTRE, CENTRE), radius, outline=RING)
        if radius < CENTRE:
            at = CENTRE + radius * math.sqrt(0.5), CENTRE - radius * math.sqrt(0.5)
            draw.text(at, f"{spacing:g} Å", SOFT, font(TINY), anchor="mm", stroke_width=4, stroke_fill=BLACK)
    draw.circle((CENTRE, CENTRE), 15, outline=EDGE)
    draw.line((CENTRE - 6, CENTRE + 14, CENTRE - 6, PIXELS), EDGE)
    draw.line((CENTRE + 6, CENTRE + 14, CENTRE + 6, PIXELS), EDGE)


def _ramp(most: int) -> list[int]:
    """From black to a colour, in a few steps, the faint lifted."""
    table = []
    for value in range(256):
        step = math.ceil(math.sqrt(value / 255) * STEPS) / STEPS
        table.append(round(most * step) if value else BLACK[0])
    return table


_COLOURS = [_ramp(255), _ramp(246), _ramp(214)]


def microscope_picture(crystal: Crystal, seed: str, view: int, seen: tuple[float, float], picture: Image.Image) -> None:
    """The crystal on its needle, and the cross that the beam goes through."""
    draw, width = ImageDraw.Draw(picture), picture.width
    middle = width / 2
    picture.paste((96, 112, 112), (0, 0, *picture.size))
    draw.circle((middle, middle), middle - 6, fill=(144, 160, 160))  # the field of the lens
    x, y = middle + seen[0] * MILLIMETRE, middle - seen[1] * MILLIMETRE
    radius = crystal.size / 2 * MILLIMETRE
    draw.polygon(
        [(x - 5, y + radius * 0.6), (x + 5, y + radius * 0.6), (x + 16, width), (x - 16, width)], fill=(80, 96, 96)
    )
    corners = _outline(seed, view, radius)
    draw.polygon([(x + a, y + b) for a, b in corners], fill=crystal.colour, outline=(50, 58, 60), width=2)
    for number, (a, b) in enumerate(corners):
        after = corners[(number + 1) % len(corners)]
        light = 0.78 + 0.3 * (number % 3) / 2
        face = [(x + a, y + b), (x + after[0], y + after[1]), (x + after[0] * 0.4, y + after[1] * 0.4)]
        face.append((x + a * 0.4, y + b * 0.4))
        draw.polygon(face, fill=_lit(crystal.colour, light), outline=(90, 98, 100))
    draw.line((middle, 0, middle, width), OCHRE, 1)
    draw.line((0, middle, width, middle), OCHRE, 1)
    draw.circle((middle, middle), 0.14 * MILLIMETRE, outline=OCHRE, width=2)
    draw.rectangle((24, width - 40, 24 + 0.2 * MILLIMETRE, width - 35), fill=INK)
    draw.text((24, width - 46), "0.2 mm", INK, font(SMALL), anchor="ls")


def _outline(seed: str, view: int, radius: float) -> list[tuple[float, float]]:
    """Corners around the middle, another outline from each side; opposite sides mirror each other."""
    chance = random.Random(f"{seed} {view % 180}")  # noqa: S311 - no secret
    side = 1 if view < 180 else -1
    corners = []
    for number in range(7):
        turn = (number + chance.uniform(-0.3, 0.3)) / 7 * 2 * math.pi
        reach = radius * chance.uniform(0.8, 1.1)
        corners.append((side * reach * math.cos(turn), reach * math.sin(turn)))
    return corners


def _lit(colour: Colour, light: float) -> Colour:
    red, green, blue = (min(255, round(value * light)) for value in colour)
    return red, green, blue
