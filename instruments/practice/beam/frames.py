"""The detector: pixels of 16 bits, with background, the shadow of the beam stop, and the spots of a small rotation."""

import math
import random
from array import array
from collections.abc import Iterable
from functools import lru_cache

from instruments.practice.beam.chance import distribution, poisson
from instruments.practice.beam.geometry import ARM, CENTRE, PIXELS, STOP
from instruments.practice.beam.predict import Prediction

MOST = 65535  # counts that a pixel holds: more is an overload
SIGMA = 1.4  # pixels: size of a spot
HALF = 4  # a spot is drawn 9 pixels wide
GLOW, HALOES = 0.8, ((210, 0.5), (130, 0.8), (70, 1.2))  # photons a pixel and second: all over, and within radii
BACKGROUNDS = 3  # so many are made for an exposure time

Pixels = array  # of unsigned shorts, row by row


def part_of(prediction: Prediction, start: float, width: float) -> float:
    """How much of a reflection falls into a frame from omega `start` on, 0 to 1."""
    spread = prediction.spread * math.sqrt(2)
    middle = (prediction.ray.omega - start + 180) % 360 - 180
    return (math.erf((width - middle) / spread) - math.erf(-middle / spread)) / 2


def expose(spots: Iterable[tuple[Prediction, float, float, float]], exposure: float, chance: random.Random) -> Pixels:
    """A frame; each spot comes with the photons expected of it, and how far right and down it is from its place."""
    frame = background(exposure, chance.randrange(BACKGROUNDS))[:]
    for prediction, photons, right, down in spots:
        if photons > 0.5:
            _stamp(frame, prediction.ray.x + right, prediction.ray.y + down, photons, chance)
    return frame


def _stamp(frame: Pixels, x: float, y: float, photons: float, chance: random.Random) -> None:
    column, row = math.floor(x), math.floor(y)
    if not (HALF <= column < PIXELS - HALF and HALF <= row < PIXELS - HALF):
        return
    across = [_bell(column + step + 0.5 - x) for step in range(-HALF, HALF + 1)]
    along = [_bell(row + step + 0.5 - y) for step in range(-HALF, HALF + 1)]
    for step, part in enumerate(along):
        place = (row - HALF + step) * PIXELS + column - HALF
        for over, other in enumerate(across):
            mean = photons * part * other
            if mean > 0.01:
                frame[place + over] = min(MOST, frame[place + over] + poisson(mean, chance))


def _bell(away: float) -> float:
    return math.exp(-away * away / (2 * SIGMA * SIGMA)) / (SIGMA * math.sqrt(2 * math.pi))


@lru_cache(maxsize=12)
def background(exposure: float, number: int) -> Pixels:
    """Scattered light and air: the same for everybody, half a megabyte each. Not to be written on."""
    chance = random.Random(f"{exposure} {number}")  # noqa: S311 - no secret
    weights = distribution(GLOW * exposure)
    frame = array("H", chance.choices(range(len(weights)), weights, k=PIXELS * PIXELS))
    for radius, glow in HALOES:
        weights = distribution(glow * exposure)
        counts = range(len(weights))
        for row in range(PIXELS):
            half = radius * radius - (row - CENTRE) ** 2
            if half > 0:
                first = round(CENTRE - math.sqrt(half))
                place, many = row * PIXELS + first, PIXELS - 2 * first
                more = chance.choices(counts, weights, k=many)
                frame[place : place + many] = array("H", map(int.__add__, frame[place : place + many], more))
    _shade(frame)
    return frame


def _shade(frame: Pixels) -> None:
    """No photon passes the beam stop and the arm that it hangs on."""
    for row in range(PIXELS):
        reach = STOP * STOP - (row - CENTRE) ** 2
        half = round(math.sqrt(reach)) if reach > 0 else 0
        half = max(half, ARM) if row > CENTRE else half
        place = row * PIXELS + PIXELS // 2 - half
        frame[place : place + 2 * half] = array("H", bytes(4 * half))
