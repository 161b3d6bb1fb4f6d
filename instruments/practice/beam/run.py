"""A rotation in steps: each step makes one frame and counts in it what stands where reflections are expected."""

import math
import random
from array import array
from dataclasses import dataclass, field

from instruments.practice.beam.frames import Pixels, expose, part_of
from instruments.practice.beam.geometry import PIXEL, PIXELS
from instruments.practice.beam.predict import Prediction, predictions
from instruments.practice.crystals.cell import Vector
from instruments.practice.crystals.structures import Crystal

BEAM = 0.14  # millimetres: the beam's standard deviation, so what a crystal beside the centre loses
SPOT, RING = 3, 5  # half widths of the box that holds a spot, and of the ring around it that tells the background
SPOT_PIXELS, RING_PIXELS = (2 * SPOT + 1) ** 2, 4 * 2 * RING
CLEAR = 150.0  # photons from which a spot in one frame says where it is
FULL = 65535


@dataclass(frozen=True)
class Settings:
    """What a run is made with: millimetres, degrees, seconds a frame."""

    distance: float = 40
    width: float = 1.0
    exposure: float = 1.0
    degrees: float = 90


@dataclass
class Tally:
    """What was counted of one reflection."""

    prediction: Prediction
    is_whole: bool  # all of it falls inside the run
    counts: int = 0
    background: float = 0.0
    weight: float = 0.0
    x: float = 0.0
    y: float = 0.0
    omega: float = 0.0
    is_overloaded: bool = False

    @property
    def net(self) -> float:
        return self.counts - self.background

    @property
    def sigma(self) -> float:
        """From the counts alone."""
        return math.sqrt(max(1.0, self.counts + self.background * SPOT_PIXELS / RING_PIXELS))


@dataclass(eq=False)
class Run:
    """`offset` is where the crystal stands, in millimetres from where the beam and the axis meet, at omega 0.

    `seed` decides the noise, and how the crystal stands on its needle unless `crystal_seed` does.
    """

    crystal: Crystal
    seed: str
    settings: Settings
    offset: Vector = (0.0, 0.0, 0.0)
    number: int = 0  # frames made
    frame: Pixels = field(default_factory=lambda: array("H"))
    tallies: list[Tally] = field(default_factory=list)
    crystal_seed: str = ""

    def __post_init__(self) -> None:
        self.chance = random.Random(f"{self.seed} {self.crystal.name} {self.settings}")  # noqa: S311 - no secret
        self.due: list[list[Tally]] = [[] for _ in range(self.frames)]
        for prediction in predictions(self.crystal, self.crystal_seed or self.seed, self.settings.distance):
            for omega in (prediction.ray.omega, prediction.ray.omega - 360):
                self._expect(prediction, omega)

    def _expect(self, prediction: Prediction, omega: float) -> None:
        width = self.settings.width
        first, last = (math.floor((omega + side * prediction.reach) / width) for side in (-1, 1))
        if last < 0 or first >= self.frames:
            return
        tally = Tally(prediction, first >= 0 and last < self.frames)
        self.tallies.append(tally)
        for number in range(max(0, first), min(self.frames, last + 1)):
            self.due[number].append(tally)

    @property
    def frames(self) -> int:
        return round(self.settings.degrees / self.settings.width)

    @property
    def is_done(self) -> bool:
        return self.number >= self.frames

    @property
    def omega(self) -> float:
        """Where the newest frame began."""
        return max(0, self.number - 1) * self.settings.width

    def step(self) -> None:
        """Make the next frame."""
        due, width = self.due[self.number], self.settings.width
        start = self.number * width
        light, right, down = light_on(self.offset, start + width / 2)
        share = light * self.settings.exposure / width
        spots = [
            (t.prediction, t.prediction.strength * share * part_of(t.prediction, start, width), right, down)
            for t in due
        ]
        self.frame = expose(spots, self.settings.exposure, self.chance)
        for tally in due:
            count(self.frame, tally, start + width / 2)
        self.number += 1


def light_on(offset: Vector, omega: float) -> tuple[float, float, float]:
    """How much of the beam meets the crystal (0 to 1), and how many pixels right and down its spots are moved."""
    across = offset[0] * math.cos(math.radians(omega)) + offset[2] * math.sin(math.radians(omega))
    up = offset[1]
    return math.exp(-(across * across + up * up) / (2 * BEAM * BEAM)), across / PIXEL, -up / PIXEL


def count(frame: Pixels, tally: Tally, omega: float) -> None:
    """Add what this frame shows at the place of a reflection."""
    column, row = math.floor(tally.prediction.ray.x), math.floor(tally.prediction.ray.y)
    rows, ring = [], 0
    for step in range(-RING, RING + 1):
        place = (row + step) * PIXELS + column
        line = frame[place - RING : place + RING + 1]
        if abs(step) <= SPOT:
            rows.append(line[RING - SPOT : RING + SPOT + 1])
        ring += sum(line) if abs(step) == RING else line[0] + line[-1]
    inside, level = sum(map(sum, rows)), ring / RING_PIXELS
    tally.counts += inside
    tally.background += level * SPOT_PIXELS
    net = inside - level * SPOT_PIXELS
    if net > CLEAR:
        tally.is_overloaded |= max(map(max, rows)) >= FULL
        steps = range(-SPOT, SPOT + 1)
        along = sum(step * sum(line) for step, line in zip(steps, rows, strict=True))
        across = sum(step * pixel for line in rows for step, pixel in zip(steps, line, strict=True))
        tally.weight += net
        tally.x += net * (column + 0.5) + across
        tally.y += net * (row + 0.5) + along
        tally.omega += net * omega
